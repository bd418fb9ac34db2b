import type { Page, QuantDeskClient } from '#sdk/index.ts';
import type { MarketSymbol } from '#shared/markets.ts';
import type { FillDto, FundingPaymentDto, LiquidationDto } from '#shared/protocol/fills.ts';
import type { OrderDto } from '#shared/protocol/orders.ts';
import { useQuery } from '@tanstack/solid-query';
import { createSignal, type Accessor, type Signal } from 'solid-js';

import { withHeard, withNewest, withOlder, type History, type RowIdentity } from '../domain/history.ts';
import { useDesk } from './desk.ts';

/** Rows asked for at once. */
const pageRows = 100;
const exportPageRows = 200;
/** Rows a table holds: more would make it slow, and nobody reads them there. */
export const historyRowsMax = 2_000;
/** Rows of one file written here; beyond it there is the statement, which the exchange writes. */
export const exportRowsMax = 20_000;

interface ReadOptions {
  readonly limit: number;
  readonly symbol?: string;
  readonly cursor?: string;
  readonly signal?: AbortSignal;
}

/** A list of the trader's that the exchange answers page by page. */
export interface HistorySource<Row> extends RowIdentity<Row> {
  /** First part of its query keys: who invalidates it has the newest page read again. */
  readonly key: string;
  readonly read: (client: QuantDeskClient, options: ReadOptions) => Promise<Page<Row>>;
  /** Read again this often where nothing tells that there is more. */
  readonly refreshMs?: number;
}

const byId = { idOf: (row: { readonly id: string }) => row.id };
/** Payments come with whatever changes a position, which no channel tells. */
const fundingRefreshMs = 20_000;

export const fillHistory: HistorySource<FillDto> = {
  ...byId,
  key: 'fills',
  read: (client, options) => client.history.fills(options),
};

export const fundingHistory: HistorySource<FundingPaymentDto> = {
  ...byId,
  key: 'funding',
  read: (client, options) => client.history.funding(options),
  refreshMs: fundingRefreshMs,
};

export const liquidationHistory: HistorySource<LiquidationDto> = {
  ...byId,
  key: 'liquidations',
  read: (client, options) => client.history.liquidations(options),
};

export const orderHistory: HistorySource<OrderDto> = {
  idOf: (order) => order.order_id,
  versionOf: (order) => order.version,
  timeOf: (order) => order.created_at,
  key: 'orders',
  read: (client, options) => client.orders.list(options),
};

type Held = Signal<History<unknown> | undefined>;

/** What was read, kept while the trader looks at other tabs. */
const held = new Map<string, Held>();
let heldOwner = '';

function heldOf<Row>(owner: string, key: string): Signal<History<Row> | undefined> {
  if (owner !== heldOwner) held.clear();
  heldOwner = owner;
  let found = held.get(key);
  if (found === undefined) {
    const [known, setKnown] = createSignal<History<unknown> | undefined>();
    found = [known, setKnown];
    held.set(key, found);
  }
  return found as Signal<History<Row> | undefined>;
}

export type OlderState = 'idle' | 'loading' | 'failed';

/** A list as far as it is read, with a way to read on; of one market, or of all. */
export function useHistory<Row>(source: HistorySource<Row>, market: Accessor<MarketSymbol | undefined>) {
  const desk = useDesk();
  const owner = () => desk.session.address() ?? '';
  const [older, setOlder] = createSignal<OlderState>('idle');
  const place = () => heldOf<Row>(owner(), [source.key, owner(), market() ?? ''].join('/'));
  const known = () => place()[0]();
  const symbol = () => {
    const asked = market();
    return asked === undefined ? {} : { symbol: asked };
  };
  const newest = useQuery(() => {
    const [, setKnown] = place();
    const query = { limit: pageRows, ...symbol() };
    return {
      queryKey: [source.key, owner(), 'pages', market() ?? ''],
      queryFn: async ({ signal }: { signal: AbortSignal }) => {
        const page = await source.read(desk.client, { ...query, signal });
        setKnown((rows) => withNewest(rows, page, source));
        return Date.now();
      },
      enabled: owner() !== '',
      ...(source.refreshMs === undefined ? {} : { refetchInterval: source.refreshMs }),
    };
  });

  const loadOlder = async (): Promise<void> => {
    const [rows, setKnown] = place();
    const cursor = rows()?.cursor;
    if (cursor === undefined || older() === 'loading') return;
    setOlder('loading');
    try {
      const page = await source.read(desk.client, { limit: pageRows, cursor, ...symbol() });
      setKnown((before) => before && withOlder(before, page, source));
      setOlder('idle');
    } catch {
      setOlder('failed');
    }
  };

  return {
    rows: () => known()?.rows,
    /** There is more than what is read, and room for it. */
    hasOlder: () => known()?.cursor !== undefined && (known()?.rows.length ?? 0) < historyRowsMax,
    isFull: () => known()?.cursor !== undefined && (known()?.rows.length ?? 0) >= historyRowsMax,
    older,
    loadOlder,
    /** What a stream told of some rows. */
    hear: (rows: readonly Row[]) => place()[1]((before) => before && withHeard(before, rows, source)),
    error: () => (newest.isError ? newest.error : undefined),
    retry: () => void newest.refetch(),
    /** Everything of this list, page by page, within a bound. */
    readAll: async (onProgress: (rows: number) => void): Promise<{ rows: readonly Row[]; isAll: boolean }> => {
      const rows: Row[] = [];
      let cursor: string | undefined;
      do {
        const page = await source.read(desk.client, {
          limit: exportPageRows,
          ...symbol(),
          ...(cursor === undefined ? {} : { cursor }),
        });
        rows.push(...page.items);
        onProgress(rows.length);
        cursor = page.nextCursor;
      } while (cursor !== undefined && rows.length < exportRowsMax);
      return { rows, isAll: cursor === undefined };
    },
  };
}

export type HistoryReader<Row> = ReturnType<typeof useHistory<Row>>;
