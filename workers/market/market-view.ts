import { accrue } from '#shared/perps/accrual.ts';
import type { MarketState, OraclePrice } from '#shared/perps/types.ts';
import { errorMessage, type Logger } from '../platform/logger.ts';

/** The Market account, and the number of the newest event it contains. */
export interface ViewState {
  readonly market: MarketState;
  readonly eventSeq: bigint;
}

export interface MarketViewOptions {
  /** Reads the account from the chain; null while it does not exist. */
  readonly read: () => Promise<ViewState | null>;
  readonly logger: Logger;
  /** As stored by an earlier life of the object. */
  readonly last: ViewState | null;
  readonly onChange: (state: ViewState) => void;
}

/**
 * The Market account as last seen: carried forward at once by what events say, then verified by reading the chain. A read that is older
 * than the newest event takes nothing back.
 */
export class MarketView {
  readonly #options: MarketViewOptions;
  #state: ViewState | null;
  #reading: Promise<void> | null = null;
  #readAgain = false;

  constructor(options: MarketViewOptions) {
    this.#options = options;
    this.#state = options.last;
  }

  get market(): MarketState | null {
    return this.#state?.market ?? null;
  }

  /** The market with its indexes brought to a moment (seconds), as the next instruction would. Null while unknown. */
  accruedTo(price: OraclePrice, nowSeconds: bigint): MarketState | null {
    return this.#state === null ? null : accrue(this.#state.market, price.price, nowSeconds);
  }

  /** What an event of number `seq` says of the account. */
  carryForward(seq: bigint, change: (market: MarketState) => Partial<MarketState>): void {
    if (this.#state === null || seq <= this.#state.eventSeq) return;
    const { market } = this.#state;
    this.#set({ market: { ...market, ...change(market) }, eventSeq: seq });
  }

  /** What events from `nextSeq` on said counts no more: a read that is older than them is believed again. */
  takeBack(nextSeq: bigint): Promise<void> {
    if (this.#state !== null && this.#state.eventSeq >= nextSeq) {
      this.#set({ market: this.#state.market, eventSeq: nextSeq - 1n });
    }
    return this.refresh();
  }

  /** Reads the account. A call while a read is under way has another one follow, so that it sees what the caller has seen. Never throws. */
  refresh(): Promise<void> {
    this.#readAgain = true;
    this.#reading ??= this.#readAll().finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  async #readAll(): Promise<void> {
    while (this.#readAgain) {
      this.#readAgain = false;
      await this.#readOnce();
    }
  }

  async #readOnce(): Promise<void> {
    const { read, logger } = this.#options;
    try {
      const state = await read();
      if (state === null) logger.warn('the market does not exist on chain yet');
      else if (this.#state === null || state.eventSeq >= this.#state.eventSeq) this.#set(state);
    } catch (error) {
      logger.warn('the market could not be read from the chain', { error: errorMessage(error) });
    }
  }

  #set(state: ViewState): void {
    this.#state = state;
    this.#options.onChange(state);
  }
}
