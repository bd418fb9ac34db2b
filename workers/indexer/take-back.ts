import type { IndexedEvent } from '#shared/events.ts';
import { withTimeout } from '../platform/retry.ts';

const callTimeoutMs = 15_000;
const callsAtOnceMax = 16;

/** What a fork undid of one market. */
export interface MarketFork {
  /** The first number of its stream that was taken back. */
  readonly nextSeq: bigint;
  /** Wallets whose position there may be another. */
  readonly owners: readonly string[];
}

/** The objects that events went to. */
export interface ForkedObjects {
  readonly account: (wallet: string, signatures: readonly string[]) => Promise<void>;
  readonly market: (symbol: string, fork: MarketFork) => Promise<void>;
}

/** Tells every object that had one of these events what a fork undid. @throws what an object throws: it may not have heard. */
export async function takeBackFromObjects(events: readonly IndexedEvent[], objects: ForkedObjects): Promise<void> {
  const accounts = new Map<string, Set<string>>();
  const markets = new Map<string, { nextSeq: bigint; owners: Set<string> }>();
  for (const { signature, streams, data } of events) {
    const { market, account, position } = streams;
    const owner = account?.owner ?? position?.owner ?? (typeof data.owner === 'string' ? data.owner : null);
    if (owner !== null) accounts.set(owner, (accounts.get(owner) ?? new Set()).add(signature));
    if (market === undefined) continue;
    const fork = markets.get(market.symbol) ?? { nextSeq: market.seq, owners: new Set() };
    if (position !== undefined) fork.owners.add(position.owner);
    markets.set(market.symbol, { ...fork, nextSeq: market.seq < fork.nextSeq ? market.seq : fork.nextSeq });
  }
  const calls = [
    ...[...markets].map(
      ([symbol, { nextSeq, owners }]) =>
        () =>
          objects.market(symbol, { nextSeq, owners: [...owners] }),
    ),
    ...[...accounts].map(
      ([wallet, signatures]) =>
        () =>
          objects.account(wallet, [...signatures]),
    ),
  ];
  for (let at = 0; at < calls.length; at += callsAtOnceMax) {
    await Promise.all(calls.slice(at, at + callsAtOnceMax).map((call) => withTimeout(call, callTimeoutMs)));
  }
}
