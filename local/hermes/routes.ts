import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerControl, controlPath } from '../http/control.ts';
import { feeds } from '../tape/feeds.ts';
import { chartHistory } from './chart-history.ts';
import { type ControlCommand, controlSchema } from './controls.ts';
import type { PriceTick } from './price-tick.ts';
import type { Replay } from './replay.ts';
import type { PriceStreams } from './streams.ts';
import { updateBody } from './update-body.ts';
import { BadQuery, parseUpdateQuery } from './update-query.ts';

/** What a request is answered from. */
export interface Hermes {
  readonly replay: Replay;
  readonly streams: PriceStreams;
}

/** Publishes a tick of every feed. */
export function tick({ replay, streams }: Hermes): void {
  replay.tick();
  streams.publish((id) => replay.latest(id));
}

/** Applies a control command and publishes a tick, so that it holds when this returns. Throws `ControlRefused`. */
export function applyControl(hermes: Hermes, command: ControlCommand): void {
  hermes.replay.apply(command);
  hermes.streams.silent = hermes.replay.mode === 'silent';
  if (command.drop) hermes.streams.drop();
  tick(hermes);
}

export const controlState = ({ replay, streams }: Hermes): Record<string, unknown> => ({
  ...replay.state(),
  streams: streams.count,
});

/** Answers one HTTP request. */
export async function answer(hermes: Hermes, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://hermes.local');
  if (url.pathname === controlPath) {
    return answerControl(request, response, {
      schema: controlSchema,
      apply: (command) => applyControl(hermes, command),
      state: () => controlState(hermes),
    });
  }
  if (hermes.replay.mode === 'unavailable') return sendText(response, 503, 'Service unavailable');
  if (request.method !== 'GET') return sendText(response, 405, 'Method not allowed');
  try {
    route(hermes, url, response);
  } catch (error) {
    if (!(error instanceof BadQuery)) throw error;
    sendText(response, error.status, error.message);
  }
}

function route({ replay, streams }: Hermes, url: URL, response: ServerResponse): void {
  const query = () => parseUpdateQuery(url.searchParams, (id) => replay.has(id));
  const at = /^\/v2\/updates\/price\/(\d{1,12})$/.exec(url.pathname)?.[1];
  if (at !== undefined) {
    const asked = query();
    return sendJson(response, updateBody(existing(asked.ids.map((id) => replay.at(id, Number(at)))), asked));
  }
  switch (url.pathname) {
    case '/live':
    case '/ready':
      return sendText(response, 200, 'OK');
    case '/v2/price_feeds':
      return sendJson(response, priceFeeds(url.searchParams));
    case '/v2/updates/price/latest': {
      const asked = query();
      return sendJson(response, updateBody(existing(asked.ids.map((id) => replay.latest(id))), asked));
    }
    case '/v2/updates/price/stream':
      if (!streams.open(response, query())) sendText(response, 503, 'Too many streams');
      return;
    case '/v1/shims/tradingview/history':
      return sendJson(
        response,
        chartHistory(url.searchParams, (id) => replay.bars(id)),
      );
    default:
      return sendText(response, 404, 'Not found');
  }
}

function existing(ticks: readonly (PriceTick | undefined)[]): PriceTick[] {
  return ticks.map((tick) => {
    if (tick === undefined) throw new BadQuery(404, 'Update data not found');
    return tick;
  });
}

function priceFeeds(parameters: URLSearchParams): unknown {
  const query = (parameters.get('query') ?? '').toLowerCase();
  const assetType = (parameters.get('asset_type') ?? 'crypto').toLowerCase();
  const matching = feeds.filter(({ symbol }) => symbol.toLowerCase().includes(query) && assetType === 'crypto');
  return matching.map(({ id, symbol, base }) => ({
    id,
    attributes: {
      asset_type: 'Crypto',
      base,
      description: `${base} / US DOLLAR`,
      display_symbol: `${base}/USD`,
      generic_symbol: `${base}USD`,
      quote_currency: 'USD',
      symbol,
    },
  }));
}

const open = { 'access-control-allow-origin': '*' };

function sendJson(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json', ...open });
  response.end(JSON.stringify(body));
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain', ...open });
  response.end(text);
}
