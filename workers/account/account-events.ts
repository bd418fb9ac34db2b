import type { IndexedEvent } from '#shared/events.ts';
import { isMarketSymbol } from '#shared/markets.ts';
import { displayDecimal } from '#shared/money/format.ts';
import { PRICE_DECIMALS, QUOTE_DECIMALS } from '#shared/money/units.ts';
import { derivedId } from '../platform/ids.ts';
import type { AccountMirror } from './account-mirror.ts';
import type { AccountStream } from './account-stream.ts';
import type { RiskAlert } from './contract.ts';
import { type AccountEvent, orderIdOf, readAccountEvent } from './event-fields.ts';
import type { OrderLedger } from './order-ledger.ts';
import type { OrderFill } from './order-machine.ts';

interface EventParts {
  readonly storage: DurableObjectStorage;
  readonly mirror: AccountMirror;
  readonly ledger: OrderLedger;
  readonly stream: AccountStream;
  /** Asked inside the transaction: an alert that was stored must reach the database too. */
  readonly onAlert: (alert: RiskAlert) => void;
}

/** Applies the chain's events to one account: the mirror in stream order, orders by the event that executed them. */
export class AccountEvents {
  readonly #parts: EventParts;

  constructor(parts: EventParts) {
    this.#parts = parts;
  }

  /** One transaction for the whole batch; call `ledger.publish` afterwards. Answers whether the stream has a hole. */
  apply(events: readonly IndexedEvent[]): { readonly hasHole: boolean } {
    const { mirror, storage, stream } = this.#parts;
    return storage.transactionSync(() => {
      let hasHole = false;
      let isChanged = false;
      for (const event of events) {
        const read = readAccountEvent(event);
        if (read !== null) this.#applyToOrders(event, read);
        const applied = mirror.apply(event);
        hasHole ||= applied === 'hole';
        isChanged ||= applied === 'applied';
        if (read?.name === 'PositionLiquidated')
          this.alert(liquidationAlert(event, read, this.#positionId(event, read.data.openedSeq)));
      }
      if (isChanged) stream.recordPortfolio();
      return { hasHole };
    });
  }

  /** Stores an alert once and announces it. */
  alert(alert: RiskAlert): void {
    if (this.#parts.stream.recordAlert(alert)) this.#parts.onAlert(alert);
  }

  /** An event counts for its order even when the mirror knows the account from a later moment already. */
  #applyToOrders(event: IndexedEvent, read: AccountEvent): void {
    this.#parts.mirror.recordCommand(event, read);
    const orderId = orderIdOf(read);
    const fill = orderId === null ? null : this.#fillOf(event, read);
    if (orderId !== null && fill !== null) this.#parts.ledger.apply(orderId, { kind: 'fill', fill });
  }

  #fillOf(event: IndexedEvent, read: AccountEvent): OrderFill | null {
    if (!('openedSeq' in read.data)) return null;
    const common = {
      positionId: this.#positionId(event, read.data.openedSeq),
      signature: event.signature,
      executedAtMs: event.blockTimeMs,
    };
    switch (read.name) {
      case 'PositionIncreased':
      case 'PositionReduced':
        return { ...common, quantity: read.data.size, averageFillPrice: read.data.fillPrice, fee: read.data.fee };
      case 'MarginChanged':
        return { ...common, quantity: read.data.amount, averageFillPrice: null, fee: 0n };
      default:
        return null;
    }
  }

  #positionId(event: IndexedEvent, openedSeq: bigint): string {
    const symbol = event.streams.position?.symbol ?? '';
    if (!isMarketSymbol(symbol)) throw new Error(`event ${event.name} has no market`);
    return this.#parts.mirror.positionId(symbol, { openedSeq });
  }
}

type LiquidationEvent = Extract<AccountEvent, { name: 'PositionLiquidated' }>;

function liquidationAlert(event: IndexedEvent, { data }: LiquidationEvent, positionId: string): RiskAlert {
  const symbol = event.streams.position?.symbol ?? '';
  const price = displayDecimal(data.oracle.price, PRICE_DECIMALS, { places: 2 });
  return {
    id: derivedId('liquidation', event.signature, event.indexInTransaction),
    kind: 'liquidated',
    symbol,
    positionId,
    message: `Your ${symbol} position was liquidated at ${price} USD: its margin no longer covered the maintenance margin. ${resultText(data)}`,
    signature: event.signature,
    createdAtMs: event.blockTimeMs,
  };
}

/** What the position came to for its owner: profit less funding, borrow and the liquidation fee; what the margin did not cover is not his. */
function resultText(data: LiquidationEvent['data']): string {
  const { realizedPnl, funding, borrow, liquidationFee, badDebt } = data;
  const result = realizedPnl - funding - borrow - liquidationFee + badDebt;
  const usdc = (amount: bigint): string => `${displayDecimal(amount, QUOTE_DECIMALS, { places: 2 })} USDC`;
  const total = result > 0n ? `Profit: ${usdc(result)}` : `Loss: ${usdc(-result)}`;
  return `${total}, including the liquidation fee of ${usdc(liquidationFee)}.`;
}
