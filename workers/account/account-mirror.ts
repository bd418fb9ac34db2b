import type { IndexedEvent } from '#shared/events.ts';
import { isMarketSymbol, marketOf, type MarketSymbol } from '#shared/markets.ts';
import { quote } from '#shared/money/units.ts';
import type { ChainAccount, ChainPosition } from '../chain/accounts.ts';
import type { TraderAccounts } from '../chain/chain.ts';
import { positionIdOf } from '../platform/ids.ts';
import { firstRow, rows } from '../platform/sql.ts';
import type { AccountView } from './contract.ts';
import { type AccountEvent, orderIdOf, readAccountEvent } from './event-fields.ts';
import { decodeIntegers, encodeIntegers } from './integers.ts';

/** Tables the object's migrations must contain. */
export const MIRROR_TABLES = `
  CREATE TABLE mirror (id INTEGER PRIMARY KEY CHECK (id = 1), account TEXT, next_seq TEXT NOT NULL, loaded_ms INTEGER NOT NULL);
  CREATE TABLE mirror_positions (symbol TEXT PRIMARY KEY, position TEXT NOT NULL);
  CREATE TABLE position_commands (
    symbol TEXT NOT NULL,
    command_seq TEXT NOT NULL,
    order_id TEXT,
    signature TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    PRIMARY KEY (symbol, command_seq)
  );
`;

/** Executed commands remembered, to tell whose event consumed a command number. */
const commandsKeptMax = 1_000;

export type AppliedEvent = 'applied' | 'known' | 'hole';

/**
 * The account and its positions as last seen on chain: read once, then carried on by the events of the account's stream. It decides
 * nothing about money; the chain does.
 */
export class AccountMirror {
  readonly #sql: SqlStorage;
  readonly #positionAddress: (symbol: MarketSymbol) => string;

  constructor(sql: SqlStorage, positionAddress: (symbol: MarketSymbol) => string) {
    this.#sql = sql;
    this.#positionAddress = positionAddress;
  }

  /** Whether the chain was read, or events carried the account from its very first one. */
  get isLoaded(): boolean {
    return this.#row() !== null;
  }

  /** Number of the next event of the account's stream. */
  get nextSeq(): bigint {
    return BigInt(this.#row()?.next_seq ?? '1');
  }

  get account(): ChainAccount | null {
    const text = this.#row()?.account ?? null;
    return text === null ? null : decodeIntegers<ChainAccount>(text);
  }

  position(symbol: string): ChainPosition | null {
    const row = firstRow<{ position: string }>(
      this.#sql,
      'SELECT position FROM mirror_positions WHERE symbol = ?',
      symbol,
    );
    return row === null ? null : decodeIntegers<ChainPosition>(row.position);
  }

  positions(): [MarketSymbol, ChainPosition][] {
    const query = 'SELECT symbol, position FROM mirror_positions ORDER BY symbol';
    return rows<{ symbol: MarketSymbol; position: string }>(this.#sql, query).map((row) => [
      row.symbol,
      decodeIntegers<ChainPosition>(row.position),
    ]);
  }

  /** Markets with an open position. */
  symbols(): MarketSymbol[] {
    return this.positions().flatMap(([symbol, position]) => (position.size > 0n ? [symbol] : []));
  }

  view(owner: string): AccountView {
    const positions = this.positions();
    const account = this.account;
    return {
      owner,
      account: account === null ? null : { collateral: account.collateral, seq: account.seq },
      positions: positions
        .filter(([, position]) => position.size > 0n)
        .map(([symbol, position]) => ({
          symbol,
          positionId: this.positionId(symbol, position),
          openedAtMs: Number(position.openedAt) * 1000,
          position,
        })),
      realizedPnl: quote(positions.reduce((sum, [, position]) => sum + position.realizedPnl, 0n)),
    };
  }

  positionId(symbol: MarketSymbol, position: Pick<ChainPosition, 'openedSeq'>): string {
    return positionIdOf(this.#positionAddress(symbol), position.openedSeq);
  }

  /**
   * Takes what was read from the chain, unless events have carried the mirror further already. Positions change by settlements that are no
   * part of the account's stream, each with a number in the position's. Answers whether anything changed.
   */
  replace(trader: Pick<TraderAccounts, 'account' | 'positions'>, nowMs: number): boolean {
    const seq = trader.account?.seq ?? 0n;
    if (this.isLoaded && seq + 1n < this.nextSeq) return false;
    const before = this.#row();
    this.#storeAccount(trader.account, seq + 1n, nowMs);
    let isChanged = before === null || before.next_seq !== (seq + 1n).toString();
    for (const [symbol, position] of trader.positions) {
      isChanged ||= this.position(symbol)?.eventSeq !== position.eventSeq;
      this.#storePosition(symbol, position);
    }
    return isChanged;
  }

  /** Forgets the account, and the commands that these transactions consumed. */
  takeBack(signatures: readonly string[]): void {
    for (const signature of signatures) this.#sql.exec('DELETE FROM position_commands WHERE signature = ?', signature);
    this.#sql.exec('DELETE FROM mirror_positions');
    this.#sql.exec('DELETE FROM mirror');
  }

  /** Applies the next event of the stream. `known`: it was applied before; `hole`: something is missing in between, nothing changed. */
  apply(event: IndexedEvent): AppliedEvent {
    const seq = event.streams.account?.seq;
    if (seq === undefined || seq < this.nextSeq) return 'known';
    if (seq > this.nextSeq) return 'hole';
    const read = readAccountEvent(event);
    this.#storeAccount(this.#accountAfter(read, seq), seq + 1n, event.blockTimeMs);
    if (read !== null && 'after' in read.data) this.#applyToPosition(read, event);
    if (read?.name === 'PayoutMade') this.#applyPayout(event, read.data.payoutOwed);
    return 'applied';
  }

  /** Remembers which order consumed a command number; an event out of stream order counts too. */
  recordCommand(event: IndexedEvent, read: AccountEvent): void {
    const position = event.streams.position;
    if (position === undefined || !('after' in read.data)) return;
    this.#sql.exec(
      `INSERT INTO position_commands (symbol, command_seq, order_id, signature, created_ms) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO NOTHING`,
      position.symbol,
      position.commandSeq.toString(),
      orderIdOf(read),
      event.signature,
      event.blockTimeMs,
    );
    this.#sql.exec(
      `DELETE FROM position_commands WHERE rowid IN (
         SELECT rowid FROM position_commands ORDER BY created_ms DESC, rowid DESC LIMIT -1 OFFSET ?)`,
      commandsKeptMax,
    );
  }

  /** Who consumed `expectedSeq` (the event carries the number after it); null when that event was not seen. */
  consumerOf(
    symbol: string,
    expectedSeq: bigint,
  ): { readonly orderId: string | null; readonly signature: string } | null {
    const query = 'SELECT order_id AS orderId, signature FROM position_commands WHERE symbol = ? AND command_seq = ?';
    return firstRow<{ orderId: string | null; signature: string }>(
      this.#sql,
      query,
      symbol,
      (expectedSeq + 1n).toString(),
    );
  }

  #accountAfter(event: AccountEvent | null, seq: bigint): ChainAccount | null {
    if (event?.name === 'UserAccountOpened') return newAccount(event.data.owner, seq);
    const account = this.account;
    if (account === null) return null;
    if (event === null) return { ...account, seq };
    if (event.name === 'DelegateChanged') return { ...account, seq, delegate: event.data.delegate };
    return 'collateral' in event.data
      ? { ...account, seq, collateral: quote(event.data.collateral) }
      : { ...account, seq };
  }

  #applyToPosition(read: AccountEvent, event: IndexedEvent): void {
    const stream = event.streams.position;
    if (stream === undefined || !isMarketSymbol(stream.symbol) || !('after' in read.data)) return;
    const { after, openedSeq } = read.data;
    const before = this.position(stream.symbol);
    const isOpening = openedSeq === stream.commandSeq;
    this.#storePosition(stream.symbol, {
      ...after,
      owner: stream.owner,
      marketIndex: marketOf(stream.symbol).index,
      seq: stream.commandSeq,
      eventSeq: stream.seq,
      openedSeq,
      openedAt: isOpening ? BigInt(Math.floor(event.blockTimeMs / 1000)) : (before?.openedAt ?? 0n),
      lastOrderId: before?.lastOrderId ?? [],
      closeRequestedAt: 0n,
      payoutOwed: quote((before?.payoutOwed ?? 0n) + ('payoutOwed' in read.data ? read.data.payoutOwed : 0n)),
      realizedPnl: (before?.realizedPnl ?? 0n) + ('realizedPnl' in read.data ? read.data.realizedPnl : 0n),
    });
  }

  #applyPayout(event: IndexedEvent, payoutOwed: bigint): void {
    const stream = event.streams.position;
    const position = stream === undefined ? null : this.position(stream.symbol);
    if (stream === undefined || position === null) return;
    this.#storePosition(stream.symbol, { ...position, eventSeq: stream.seq, payoutOwed: quote(payoutOwed) });
  }

  #storeAccount(account: ChainAccount | null, nextSeq: bigint, nowMs: number): void {
    this.#sql.exec(
      `INSERT INTO mirror (id, account, next_seq, loaded_ms) VALUES (1, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET account = excluded.account, next_seq = excluded.next_seq, loaded_ms = excluded.loaded_ms`,
      account === null ? null : encodeIntegers(account),
      nextSeq.toString(),
      Math.floor(nowMs),
    );
  }

  #storePosition(symbol: string, position: ChainPosition): void {
    this.#sql.exec(
      'INSERT INTO mirror_positions (symbol, position) VALUES (?, ?) ON CONFLICT (symbol) DO UPDATE SET position = excluded.position',
      symbol,
      encodeIntegers(position),
    );
  }

  #row(): { account: string | null; next_seq: string } | null {
    return firstRow<{ account: string | null; next_seq: string }>(
      this.#sql,
      'SELECT account, next_seq FROM mirror WHERE id = 1',
    );
  }
}

const newAccount = (owner: string, seq: bigint): ChainAccount => ({
  owner,
  collateral: quote(0n),
  seq,
  delegate: { enabled: false, expiresAt: 0n, turnoverCap: 0n, maxSlippageBps: 0 },
});
