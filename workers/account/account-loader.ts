import type { Chain } from '../chain/chain.ts';
import type { Clock } from '../platform/clock.ts';
import { errorMessage, type Logger } from '../platform/logger.ts';
import type { AccountMirror } from './account-mirror.ts';
import type { AccountStream } from './account-stream.ts';
import type { Exits } from './exits.ts';
import type { OrderLedger } from './order-ledger.ts';

interface LoaderParts {
  readonly storage: DurableObjectStorage;
  readonly chain: Pick<Chain, 'readTrader'>;
  readonly mirror: AccountMirror;
  readonly stream: AccountStream;
  readonly ledger: OrderLedger;
  readonly exits: Exits;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly owner: string;
}

/** Reads the account from the chain: once before it is first needed, and again whenever its events left a doubt. */
export class AccountLoader {
  readonly #parts: LoaderParts;
  #loading: Promise<void> | null = null;

  constructor(parts: LoaderParts) {
    this.#parts = parts;
  }

  /** Reads the account the first time it is needed. @throws ChainUnavailable */
  async load(): Promise<void> {
    if (this.#parts.mirror.isLoaded) return;
    this.#loading ??= this.reconcile().finally(() => (this.#loading = null));
    return this.#loading;
  }

  /** As `load`, for those who go on without: what is shown is shown as far as it is known. */
  async tryLoad(): Promise<void> {
    await this.load().catch((error: unknown) =>
      this.#parts.logger.warn('account not read', { error: errorMessage(error) }),
    );
  }

  /** Takes the account as the chain has it; events it skips still count for their orders when they come. @throws ChainUnavailable */
  async reconcile(): Promise<void> {
    const { storage, chain, mirror, stream, ledger, exits, clock, owner } = this.#parts;
    const trader = await chain.readTrader(owner);
    storage.transactionSync(() => {
      if (mirror.replace(trader, clock.nowMs())) stream.recordPortfolio();
      exits.endOfGonePositions();
    });
    ledger.publish();
  }
}
