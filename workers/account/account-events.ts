import type { IndexedEvent } from '#shared/events.ts';
import { isMarketSymbol } from '#shared/markets.ts';
import { displayDecimal, displayExact } from '#shared/money/format.ts';
import { PRICE_DECIMALS, QUOTE_DECIMALS, SIZE_DECIMALS } from '#shared/money/units.ts';
import { derivedId } from '../platform/ids.ts';
import type { AccountMirror } from './account-mirror.ts';
import type { AccountStream } from './account-stream.ts';
import type { RiskAlert } from './contract.ts';
import { type AccountEvent, orderIdOf, readAccountEvent } from './event-fields.ts';
import type { OrderLedger } from './order-ledger.ts';
import type { FillPart, OrderFill } from './order-machine.ts';

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
    const { ledger, mirror, storage, stream } = this.#parts;
    return storage.transactionSync(() => {
      let hasHole = false;
      let isChanged = false;
      const fills = new Map<string, OrderFill>();
      for (const event of events) {
        const read = readAccountEvent(event);
        if (read !== null) this.#noteFill(event, read, fills);
        const applied = mirror.apply(event);
        hasHole ||= applied === 'hole';
        isChanged ||= applied === 'applied';
        if (read?.name === 'PositionLiquidated')
          this.alert(liquidationAlert(event, read, this.#positionId(event, read.data.openedSeq)));
      }
      for (const [orderId, fill] of fills) ledger.apply(orderId, { kind: 'fill', fill });
      if (isChanged) stream.recordPortfolio();
      return { hasHole };
    });
  }

  /** Stores an alert once and announces it. */
  alert(alert: RiskAlert): void {
    if (this.#parts.stream.recordAlert(alert)) this.#parts.onAlert(alert);
  }

  /**
   * An event counts for its order even when the mirror knows the account from a later moment already. The events of one execution are one
   * change of its order, so that nobody is shown half of it.
   */
  #noteFill(event: IndexedEvent, read: AccountEvent, fills: Map<string, OrderFill>): void {
    this.#parts.mirror.recordCommand(event, read);
    const orderId = orderIdOf(read);
    const part = orderId === null ? null : this.#partOf(event, read);
    if (orderId === null || part === null) return;
    const { signature, blockTimeMs: executedAtMs } = event;
    const earlier = fills.get(orderId);
    const parts = earlier?.signature === signature ? [...earlier.parts, part] : [part];
    fills.set(orderId, { parts, signature, executedAtMs });
  }

  #partOf(event: IndexedEvent, read: AccountEvent): FillPart | null {
    if (!('openedSeq' in read.data)) return null;
    const common = { place: event.indexInTransaction, positionId: this.#positionId(event, read.data.openedSeq) };
    switch (read.name) {
      case 'PositionIncreased':
      case 'PositionReduced':
        return { ...common, quantity: read.data.size, price: read.data.fillPrice, fee: read.data.fee };
      case 'MarginChanged':
        return { ...common, quantity: read.data.amount, price: null, fee: 0n };
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
  const size = displayExact(data.size, SIZE_DECIMALS);
  const what = data.after.size > 0n ? `A part of your ${symbol} position (${size})` : `Your ${symbol} position`;
  return {
    id: derivedId('liquidation', event.signature, event.indexInTransaction),
    kind: 'liquidated',
    symbol,
    positionId,
    message: `${what} was liquidated at ${price} USD: its margin no longer covered the maintenance margin. ${resultText(data)}`,
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
