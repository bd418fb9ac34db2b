import type { IndexedEvent } from '#shared/events.ts';
import { isMarketSymbol } from '#shared/markets.ts';
import { closeAlert, liquidationAlert } from './account-alerts.ts';
import type { AccountMirror } from './account-mirror.ts';
import type { AccountStream } from './account-stream.ts';
import type { OrderIntent, RiskAlert } from './contract.ts';
import { type AccountEvent, orderIdOf, readAccountEvent } from './event-fields.ts';
import type { Exits } from './exits.ts';
import type { OrderLedger } from './order-ledger.ts';
import type { FillPart, OrderFill } from './order-machine.ts';

interface EventParts {
  readonly storage: DurableObjectStorage;
  readonly mirror: AccountMirror;
  readonly ledger: OrderLedger;
  readonly exits: Exits;
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
    const { exits, ledger, mirror, storage, stream } = this.#parts;
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
        if (read !== null) this.#tell(event, read);
      }
      for (const [orderId, fill] of fills) ledger.apply(orderId, { kind: 'fill', fill });
      // After the fills: an exit that closed its position was executed, not overtaken.
      exits.endOfGonePositions();
      if (isChanged) stream.recordPortfolio();
      return { hasHole };
    });
  }

  /** What happened to a position that its trader did not order. */
  #tell(event: IndexedEvent, read: AccountEvent): void {
    if (!('openedSeq' in read.data)) return;
    const positionId = this.#positionId(event, read.data.openedSeq);
    if (read.name === 'PositionLiquidated') this.alert(liquidationAlert(event, read, positionId));
    if (read.name !== 'PositionReduced') return;
    const alert = closeAlert(event, read, positionId);
    if (alert !== null) this.alert(alert);
  }

  /** Stores an alert once and announces it. */
  alert(alert: RiskAlert): void {
    const { onAlert, storage, stream } = this.#parts;
    storage.transactionSync(() => {
      if (stream.recordAlert(alert)) onAlert(alert);
    });
  }

  /**
   * An event counts for its order even when the mirror knows the account from a later moment already. The events of one execution are one
   * change of its order, so that nobody is shown half of it.
   */
  #noteFill(event: IndexedEvent, read: AccountEvent, fills: Map<string, OrderFill>): void {
    this.#parts.mirror.recordCommand(event, read);
    const orderId = orderIdOf(read);
    const execution = orderId === null ? null : this.#executionOf(event, read);
    if (orderId === null || execution === null) return;
    const { signature } = event;
    const { intent, part } = execution;
    const executedAtMs = Math.max(event.blockTimeMs, publishedAtMs(read));
    const earlier = fills.get(orderId);
    const parts = earlier?.signature === signature ? [...earlier.parts, part] : [part];
    fills.set(orderId, { intent, symbol: event.streams.position?.symbol ?? '', parts, signature, executedAtMs });
  }

  #executionOf(event: IndexedEvent, read: AccountEvent): { intent: OrderIntent; part: FillPart } | null {
    if (!('openedSeq' in read.data)) return null;
    const common = { place: event.indexInTransaction, positionId: this.#positionId(event, read.data.openedSeq) };
    switch (read.name) {
      case 'PositionIncreased':
      case 'PositionReduced': {
        const { size: quantity, fillPrice: price, fee, openedSeq } = read.data;
        const part = { ...common, quantity, price, fee, opens: read.name === 'PositionIncreased' ? openedSeq : null };
        return { intent: 'trade', part };
      }
      case 'MarginChanged': {
        const { amount: quantity, added } = read.data;
        const part = { ...common, quantity, price: null, fee: 0n, opens: null };
        return { intent: added ? 'add_margin' : 'remove_margin', part };
      }
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

/** When the price of an execution was published: no execution precedes it, whatever the block's clock says. */
const publishedAtMs = ({ data }: AccountEvent): number =>
  'oracle' in data ? Number(data.oracle?.publishTime ?? 0n) * 1_000 : 0;
