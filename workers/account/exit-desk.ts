import { ok, refuse, type Refusal, type Result } from '#shared/protocol/error-codes.ts';
import { openingTrade } from '#shared/perps/side.ts';
import type { ChainPosition } from '../chain/accounts.ts';
import type { MarketSnapshot } from '../market/contract.ts';
import type { Clock } from '../platform/clock.ts';
import { newId } from '../platform/ids.ts';
import type { AccountMirror } from './account-mirror.ts';
import { refusalOfExitQuantity } from './amendment-checks.ts';
import { transactCommand } from './command-transaction.ts';
import type { ExitKind, SetExitsCommand } from './contract.ts';
import type { Exits } from './exits.ts';
import type { Idempotency } from './idempotency.ts';
import { checkAccount, checkExits } from './order-checks.ts';
import { slippageBpsDefault } from './order-draft.ts';
import { notStoppable } from './order-desk.ts';
import type { OrderLedger } from './order-ledger.ts';
import { isCancellable, type OrderFailure, type StoredOrder } from './order-machine.ts';
import { noSlots, openOrdersMax } from './order-room.ts';
import type { OrderStore } from './order-store.ts';
import type { AccountStanding } from './standing.ts';

interface ExitDeskParts {
  readonly storage: DurableObjectStorage;
  readonly store: OrderStore;
  readonly ledger: OrderLedger;
  readonly idempotency: Idempotency;
  readonly mirror: AccountMirror;
  readonly exits: Exits;
  readonly standing: AccountStanding;
  readonly clock: Clock;
  readonly owner: string;
}

/** A position and what the trader named for it. */
interface Wish {
  readonly command: SetExitsCommand;
  readonly position: ChainPosition;
  readonly snapshot: MarketSnapshot;
}

/** An exit that is not there yet. */
interface NewExit {
  readonly kind: ExitKind;
  readonly price: bigint;
  readonly quantity: bigint;
  readonly groupId: string;
  readonly slippageBps: number;
}

const kinds = ['take_profit', 'stop_loss'] as const;
const replaced: OrderFailure = { code: 'TRADING_028', message: 'The exits of the position were set anew.' };

/** Sets the exits of a position as one group, in one transaction: what is asked for is there afterwards, and nothing else. */
export class ExitDesk {
  readonly #parts: ExitDeskParts;

  constructor(parts: ExitDeskParts) {
    this.#parts = parts;
  }

  /** Answers the exits the position has then. Refusals: TRADING_006, 011, 014, 015, 024, 025, VALIDATION_005. */
  set(command: SetExitsCommand, snapshot: MarketSnapshot): Result<StoredOrder[]> {
    const { storage, idempotency, mirror } = this.#parts;
    return transactCommand(storage, () => {
      const position = mirror.position(snapshot.symbol);
      if (position === null || position.size === 0n) return refuse('TRADING_006', 'You have no such position.');
      const wish = { command, position, snapshot };
      const held = this.#heldExits(position, snapshot.symbol);
      const refusal = this.#refusalOf(wish, held);
      if (refusal !== null) return { ok: false, error: refusal };
      const exits = this.#arrange(wish, held);
      idempotency.finish(command.meta, 'set_exits', { orderIds: exits.map(({ orderId }) => orderId) });
      return ok(exits);
    });
  }

  #heldExits(position: ChainPosition, symbol: string): StoredOrder[] {
    const exits = this.#parts.store.openExits();
    return exits.filter((exit) => exit.symbol === symbol && exit.positionSeq === position.openedSeq);
  }

  #refusalOf({ command, position, snapshot }: Wish, held: readonly StoredOrder[]): Refusal | null {
    const { mirror, clock, store } = this.#parts;
    const account = checkAccount({ account: mirror.account, nowMs: clock.nowMs() });
    if (account !== null) return account;
    const submitted = held.find((exit) => !isCancellable(exit.stage));
    if (submitted !== undefined) return { code: 'TRADING_024', message: notStoppable(submitted) };
    if (store.openSlots() - held.length + kinds.length > openOrdersMax) return noSlots;
    const { takeProfit = null, stopLoss = null } = command;
    const side = openingTrade(position.side);
    const quantity = refusalOfExitQuantity(command.quantity, position);
    if (quantity !== null) return quantity;
    return checkExits({ side, price: null, stopPrice: null, takeProfit, stopLoss }, snapshot);
  }

  /** Keeps an exit that is as asked for already; cancels the others and puts new ones into its group. */
  #arrange(wish: Wish, held: readonly StoredOrder[]): StoredOrder[] {
    const { ledger } = this.#parts;
    const wanted = kinds.flatMap((kind) => {
      const price = priceOf(wish.command, kind, held);
      return price === null ? [] : [{ kind, price }];
    });
    const quantity = wish.command.quantity ?? wish.position.size;
    const slippageBps = this.#slippageOf(wish.command, held);
    const kept = wanted.flatMap(({ kind, price }) => {
      const fits = (exit: StoredOrder): boolean =>
        exit.exitKind === kind &&
        exitPrice(exit) === price &&
        exit.quantity === quantity &&
        (kind === 'take_profit' || exit.maxSlippageBps === slippageBps) &&
        exit.stage === 'resting';
      return held.find(fits) ?? [];
    });
    const groupId = kept[0]?.groupId ?? newId();
    const stays = kept.filter((exit) => exit.groupId === groupId);
    for (const exit of held)
      if (!stays.includes(exit)) ledger.apply(exit.orderId, { kind: 'withdraw', error: replaced });
    return wanted.map(({ kind, price }) => {
      const same = stays.find((exit) => exit.exitKind === kind);
      if (same !== undefined) return same;
      const exit = this.#draft(wish, { kind, price, quantity, groupId, slippageBps });
      ledger.insert(exit);
      return exit;
    });
  }

  /** How far from the price that fires it a stop-loss may be filled: as named, else as the one that it replaces. */
  #slippageOf({ maxSlippageBps }: SetExitsCommand, held: readonly StoredOrder[]): number {
    const before = held.findLast((exit) => exit.exitKind === 'stop_loss');
    return maxSlippageBps ?? before?.maxSlippageBps ?? this.#parts.standing.defaultSlippageBps(slippageBpsDefault);
  }

  #draft({ command, position, snapshot }: Wish, { kind, price, quantity, groupId, slippageBps }: NewExit): StoredOrder {
    const { exits, owner } = this.#parts;
    return exits.draft(
      {
        userId: command.userId,
        owner,
        symbol: snapshot.symbol,
        requestId: command.meta.requestId,
        side: openingTrade(position.side),
        maxSlippageBps: slippageBps,
        eligibleFrom: Number(snapshot.price?.publishTime ?? 0n),
        positionId: command.positionId,
        positionSeq: position.openedSeq,
        groupId,
        parentOrderId: null,
        quantity,
      },
      kind,
      price,
    );
  }
}

/** What was named; where nothing was, what the newest exit of that kind has. */
function priceOf(command: SetExitsCommand, kind: ExitKind, held: readonly StoredOrder[]): bigint | null {
  const named = kind === 'take_profit' ? command.takeProfit : command.stopLoss;
  if (named !== undefined) return named;
  const newest = held.findLast((exit) => exit.exitKind === kind);
  return newest === undefined ? null : exitPrice(newest);
}

const exitPrice = ({ price, stopPrice }: StoredOrder): bigint | null => price ?? stopPrice;
