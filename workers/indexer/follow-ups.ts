import type { IndexedEvent } from '#shared/events.ts';
import type { RiskMessage } from '../risk/message.ts';

/** What an event sets going beside its streams. A timer each, so that it survives a crash; the key is all there is to know. */
export type FollowUpKind = 'pool-request' | 'close-request' | 'settled-position';

export interface FollowUp {
  readonly kind: FollowUpKind;
  readonly key: string;
}

const isText = (value: unknown): value is string => typeof value === 'string';

/** What follows from events that their wallets' objects do not get in a stream of their own. */
export function followUpsOf(events: readonly IndexedEvent[]): FollowUp[] {
  return events.flatMap(({ name, data, streams }): FollowUp[] => {
    const { owner, requestedAt } = data;
    if (!isText(owner)) return [];
    if (name === 'PoolRequested') return [{ kind: 'pool-request', key: owner }];
    if (name === 'PositionSettled') return [{ kind: 'settled-position', key: owner }];
    if (name === 'CloseRequested' && streams.position !== undefined)
      return [{ kind: 'close-request', key: `${owner} ${streams.position.symbol} ${String(requestedAt)}` }];
    return [];
  });
}

/** From the request to the first publish time that executes it (the program's FUTURE_SECONDS_MAX, and one). */
const closeRequestOpensMs = 6_000;
/** A request is queued again after this time, until its window is over: a message may get lost, and the second one finds nothing to do. */
const closeRequestAgainMs = 3_000;
/** From the request to the end of its window (the program's FUTURE_SECONDS_MAX and CLOSE_REQUEST_WINDOW_SECONDS). */
const closeRequestLifeMs = 15_000;

const requestedAtMsOf = (key: string): number => Number(key.split(' ')[2] ?? '0') * 1_000;

/** When the window of a request to close begins. Queued before, its message would only wait where liquidations pass. */
export const closeRequestFromMs = (key: string): number => requestedAtMsOf(key) + closeRequestOpensMs;

/** When a request to close is to be queued again; null: its window is over by then. */
export function closeRequestDueMs(key: string, nowMs: number): number | null {
  const dueMs = nowMs + closeRequestAgainMs;
  return dueMs <= requestedAtMsOf(key) + closeRequestLifeMs ? dueMs : null;
}

/** The queue's message of a request to close. */
export function closeRequestMessage(key: string, requestId: string): RiskMessage {
  const [owner = '', symbol = '', requestedAt = '0'] = key.split(' ');
  return {
    kind: 'close_request',
    owner,
    symbol,
    commandSeq: '0',
    price: '0',
    publishTime: Number(requestedAt),
    requestId,
  };
}
