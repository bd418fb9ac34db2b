import { decodeJson } from '#shared/money/json.ts';
import { readySchema, type ReadyDto } from '#shared/protocol/health.ts';
import { queryOptions } from '@tanstack/solid-query';
import * as z from 'zod';

import { quickRefreshMs } from './refresh-pace.ts';

const timeoutMs = 6_000;
const answerBytesMax = 256 * 1024;

/**
 * What the exchange says about itself. "Not ready" (503) is an answer like any other and carries the same body, which is why this does
 * not go through the client, for which it would be an error. @throws where there is no readable answer at all
 */
async function askReadiness(origin: string, signal: AbortSignal): Promise<ReadyDto> {
  const answer = await fetch(`${origin}/ready`, {
    headers: { accept: 'application/json' },
    cache: 'no-store',
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
  });
  if (!answer.ok && answer.status !== 503) throw new Error(`/ready answered ${answer.status}`);
  const text = await answer.text();
  if (text.length > answerBytesMax) throw new Error('/ready answered too much');
  return z.decode(readySchema, decodeJson(text) as z.input<typeof readySchema>);
}

/** `origin` as of `ApiOrigin.http`. Asked again every few seconds while it is shown; the last answer stays when the next one fails. */
export const readinessQuery = (origin: string) =>
  queryOptions({
    queryKey: ['readiness', origin],
    queryFn: ({ signal }) => askReadiness(origin, signal),
    refetchInterval: quickRefreshMs,
    retry: false,
    staleTime: 0,
  });
