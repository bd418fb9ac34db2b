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
