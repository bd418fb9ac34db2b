import type { EventName, EventValue, IndexedEvent } from '#shared/events.ts';

/** What an instruction found or left of a position, in the program's units. */
export interface Parts {
  readonly side: 'long' | 'short';
  readonly size: bigint;
  readonly entryValue: bigint;
  readonly margin: bigint;
}

const FLAT: Parts = { side: 'long', size: 0n, entryValue: 0n, margin: 0n };
const DEFAULT_KEY = '11111111111111111111111111111111';
const slotMs = 400;
const startMs = Date.UTC(2025, 5, 12, 20, 0, 0);

export const units = (value: number, decimals: number): bigint => BigInt(Math.round(value * 10 ** decimals));
export const price8 = (value: number): bigint => units(value, 8);
export const size8 = (value: number): bigint => units(value, 8);
export const quote6 = (value: number): bigint => units(value, 6);

/**
 * Writes the events of one trader as the indexer hands them on: stream numbers in order, fields and names of the program. Every event
 * is a transaction of its own, a slot later.
 */
export class Trader {
  readonly owner: string;
  readonly symbol: string;
  readonly events: IndexedEvent[] = [];
  #accountSeq = 0n;
  #positionSeq = 0n;
  #commandSeq = 0n;
  #openedSeq = 0n;
  #parts = FLAT;
  #collateral = 0n;

  constructor(owner: string, symbol = 'SOL-PERP') {
    this.owner = owner;
    this.symbol = symbol;
  }

  openAccount(): this {
    return this.#emit('UserAccountOpened', { rentPayer: DEFAULT_KEY }, { account: true });
  }

  createPosition(): this {
    return this.#emit(
      'PositionCreated',
      { marketIndex: 0, position: positionAddressOf(this.owner, this.symbol) },
      { position: true },
    );
  }

  deposit(amount: bigint): this {
    this.#collateral += amount;
    return this.#emit('CollateralDeposited', { amount, collateral: this.#collateral }, { account: true });
  }

  withdraw(amount: bigint): this {
    this.#collateral -= amount;
    return this.#emit(
      'CollateralWithdrawn',
      { amount, collateral: this.#collateral, destination: DEFAULT_KEY },
      { account: true },
    );
  }

  queueWithdrawal(ticket: bigint, amount: bigint): this {
    this.#collateral -= amount;
    return this.#emit('WithdrawalQueued', { ticket, amount, collateral: this.#collateral }, { account: true });
  }

  payWithdrawal(ticket: bigint, amount: bigint, left: bigint): this {
    return this.#emit('WithdrawalPaid', { ticket, amount, left, destination: DEFAULT_KEY }, { account: true });
  }

  /** `WithdrawalReturned` or `WithdrawalCancelled`: collateral again. */
  endWithdrawal(name: 'WithdrawalReturned' | 'WithdrawalCancelled', ticket: bigint, amount: bigint): this {
    this.#collateral += amount;
    return this.#emit(name, { ticket, amount, collateral: this.#collateral }, { account: true });
  }

  /** Opens or increases. */
  increase(
    side: 'long' | 'short',
    size: bigint,
    fillPrice: bigint,
    margin: bigint,
    more: Record<string, EventValue> = {},
  ): this {
    const before = this.#parts.size === 0n ? { ...FLAT, side } : this.#parts;
    const after = {
      side,
      size: before.size + size,
      entryValue: before.entryValue + size * fillPrice,
      margin: before.margin + margin,
    };
    this.#commandSeq += 1n;
    if (before.size === 0n) this.#openedSeq = this.#commandSeq;
    return this.#change('PositionIncreased', before, after, fillPrice, {
      fillPrice,
      size,
      fee: 50_000n,
      impact: 0n,
      ...more,
    });
  }

  /** Reduces or closes, the margin in proportion. */
  reduce(size: bigint, fillPrice: bigint, more: Record<string, EventValue> = {}): this {
    const before = this.#parts;
    this.#commandSeq += 1n;
    const fields = { fillPrice, size, fee: 25_000n, impact: 0n, funding: 0n, borrow: 0n, badDebt: 0n };
    const realizedPnl = this.#pnl(before, size, fillPrice);
    return this.#change('PositionReduced', before, share(before, size), fillPrice, { ...fields, realizedPnl, ...more });
  }

  liquidate(size: bigint, oraclePrice: bigint, more: Record<string, EventValue> = {}): this {
    const before = this.#parts;
    this.#commandSeq += 1n;
    const realizedPnl = this.#pnl(before, size, oraclePrice);
    return this.#change('PositionLiquidated', before, share(before, size), oraclePrice, {
      ...{ size, realizedPnl, funding: 0n, borrow: 0n, liquidationFee: 100_000n, keeperReward: 40_000n },
      ...{ marginReleased: 0n, badDebt: 0n, liquidator: DEFAULT_KEY, equityE26: 12n, maintenanceE26: 34n, ...more },
    });
  }

  /** Closes the position and opens the other side with the rest, in one transaction under one command number. */
  turn(size: bigint, fillPrice: bigint, margin: bigint, more: Record<string, EventValue> = {}): this {
    const { side, size: held } = this.#parts;
    this.reduce(held, fillPrice, more);
    this.#commandSeq -= 1n;
    const opened = this.increase(side === 'long' ? 'short' : 'long', size - held, fillPrice, margin, more);
    return opened.#joinLastTwo();
  }

  /** Realises funding and borrow: no command, and no part of the account's stream. */
  settle(funding: bigint, borrow: bigint, oraclePrice: bigint): this {
    const before = this.#parts;
    const after = { ...before, margin: before.margin - funding - borrow };
    this.#parts = after;
    const oracle = { publishTime: 1n, price: oraclePrice };
    const fields = { before: { ...before }, after: { ...after }, oracle, funding, borrow };
    return this.#emit('PositionSettled', fields, { position: true });
  }

  requestClose(): this {
    return this.#emit('CloseRequested', { requestedAt: 1n, executableTo: 11n }, { position: true });
  }

  payOut(amount: bigint, left: bigint): this {
    this.#collateral += amount;
    const fields = { amount, payoutOwed: left, collateral: this.#collateral };
    return this.#emit('PayoutMade', fields, { account: true, position: true });
  }

  addMargin(amount: bigint): this {
    const before = this.#parts;
    this.#commandSeq += 1n;
    return this.#change('MarginChanged', before, { ...before, margin: before.margin + amount }, null, {
      added: true,
      amount,
    });
  }

  #pnl(before: Parts, size: bigint, fillPrice: bigint): bigint {
    const value = size * fillPrice - (before.entryValue * size) / before.size;
    return (before.side === 'long' ? value : -value) / 10n ** 10n;
  }

  #change(
    name: EventName,
    before: Parts,
    after: Parts,
    oraclePrice: bigint | null,
    fields: Record<string, EventValue>,
  ): this {
    const publishTime = BigInt(Math.floor(this.#nowMs() / 1000));
    const oracle = {
      publishTime,
      prevPublishTime: publishTime - 1n,
      price: oraclePrice ?? 0n,
      conf: 1n,
      ema: 1n,
      postedSlot: 1n,
    };
    this.#parts = after;
    return this.#emit(
      name,
      {
        ...{
          orderId: '00000000-0000-0000-0000-000000000000',
          commandSeq: this.#commandSeq,
          openedSeq: this.#openedSeq,
        },
        ...{
          before: { ...before },
          after: { ...after },
          oracle: oraclePrice === null ? null : oracle,
          collateral: this.#collateral,
        },
        ...fields,
      },
      { account: true, position: true },
    );
  }

  #emit(name: EventName, fields: Record<string, EventValue>, streams: { account?: true; position?: true }): this {
    const { owner, symbol } = this;
    if (streams.account) this.#accountSeq += 1n;
    if (streams.position) this.#positionSeq += 1n;
    const account = { owner, seq: this.#accountSeq };
    const position = { owner, symbol, seq: this.#positionSeq, commandSeq: this.#commandSeq };
    this.events.push({
      name,
      data: { owner, accountSeq: this.#accountSeq, positionSeq: this.#positionSeq, ...fields },
      signature: `${symbol}${owner}${this.events.length}`.padEnd(88, 'x').slice(0, 88),
      slot: 1_000 + this.events.length,
      indexInTransaction: 0,
      blockTimeMs: Math.floor(this.#nowMs() / 1000) * 1000,
      streams: { ...(streams.account ? { account } : {}), ...(streams.position ? { position } : {}) },
    });
    return this;
  }

  #joinLastTwo(): this {
    const [first, second] = this.events.slice(-2);
    if (first === undefined || second === undefined) throw new Error('there are no two events');
    const { signature, slot, blockTimeMs } = first;
    this.events[this.events.length - 1] = { ...second, signature, slot, blockTimeMs, indexInTransaction: 1 };
    return this;
  }

  #nowMs = (): number => startMs + this.events.length * slotMs;
}

/** Stands for the address derived from owner and market: any text that is one per position. */
export const positionAddressOf = (owner: string, symbol: string): string => `${symbol}/${owner}`;

/** What is left after `size` was taken off. */
function share(before: Parts, size: bigint): Parts {
  const left = before.size - size;
  const part = (sum: bigint): bigint => (sum * left) / before.size;
  return { side: before.side, size: left, entryValue: part(before.entryValue), margin: part(before.margin) };
}
