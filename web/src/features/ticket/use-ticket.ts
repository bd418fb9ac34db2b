import { newIdempotencyKey } from '#sdk/index.ts';
import type { MarketSymbol } from '#shared/markets.ts';
import { formatDecimal } from '#shared/money/decimal.ts';
import { PRICE_DECIMALS } from '#shared/money/units.ts';
import type { TradeSide } from '#shared/perps/types.ts';
import type { MarketDto } from '#shared/protocol/market.ts';
import { createEffect, createMemo, createSignal, on, untrack, type Accessor } from 'solid-js';
import { createStore, reconcile } from 'solid-js/store';

import { useDesk } from '../../data/desk.ts';
import { firstBlocking, ticketIssues } from '../../domain/ticket/errors.ts';
import { leverageFor } from '../../domain/ticket/leverage.ts';
import { ticketReceipt } from '../../domain/ticket/receipt.ts';
import { reduceTicket } from '../../domain/ticket/reducer.ts';
import { orderRequestOf } from '../../domain/ticket/request.ts';
import {
  effectiveTimeInForce,
  initialTicket,
  takesStop,
  type TicketAction,
  type TicketOrderType,
  type TicketState,
} from '../../domain/ticket/state.ts';
import { summarizeTicket } from '../../domain/ticket/summary.ts';
import { texts } from '../../i18n/index.ts';
import { useTicketCommands, type TicketCommand } from './ticket-commands.ts';
import { createTicketContext } from './ticket-context.ts';
import { keepTyped, keptTyped, rememberHabits, rememberedHabits } from './ticket-memory.ts';
import { sameOrder, usePreview, type OrderDraft } from './use-preview.ts';

/** What a ticket of a market begins with: the figures typed there before, else the habits. The side that was pressed counts. */
function firstState(symbol: MarketSymbol, maxLeverage: bigint, wallet: string | undefined, side?: TradeSide) {
  const kept = keptTyped(symbol, wallet);
  const begun = kept ?? reduceTicket({ ...initialTicket, ...rememberedHabits() }, { type: 'market', maxLeverage });
  return side === undefined ? begun : reduceTicket(begun, { type: 'side', side });
}

/** Keeps what is typed for when the ticket comes back to the screen; another market or another wallet begins anew. */
function useTyped(symbol: Accessor<MarketSymbol>, state: TicketState, begin: () => void): void {
  const desk = useDesk();
  const wallet = createMemo<string | undefined>((last) => desk.session.address() ?? last);
  // What a visitor typed is of whoever signs in: only another market or another wallet begins anew.
  createEffect(
    on([symbol, wallet], ([market, owner], before) => {
      if (before === undefined) return;
      if (before[0] !== market || (before[1] !== undefined && before[1] !== owner)) begin();
    }),
  );
  createEffect(() => keepTyped({ symbol: symbol(), wallet: wallet(), state: { ...state } }));
}

/** The ticket of one market: its state, what it means now, what is wrong with it, and how to send it. */
export function useTicket(market: Accessor<MarketDto>, side: TradeSide | undefined) {
  const desk = useDesk();
  const maxLeverage = () => BigInt(market().parameters?.max_leverage ?? 1);
  const [state, setState] = createStore<TicketState>(
    untrack(() => firstState(market().symbol, maxLeverage(), desk.session.address(), side)),
  );
  const [sending, setSending] = createSignal(false);
  const [sizeInput, setSizeInput] = createSignal<HTMLInputElement | undefined>();
  const dispatch = (action: TicketAction) => setState(reconcile(reduceTicket({ ...state }, action)));

  // The list of markets is read again and again: only another symbol is another market.
  const symbol = createMemo(() => market().symbol);
  useTyped(symbol, state, () => dispatch({ type: 'market', maxLeverage: untrack(maxLeverage) }));
  createEffect(() => rememberHabits(state));

  const context = createTicketContext(market, () => effectiveTimeInForce(state) === 'gtt');
  /** Read field by field when one of them is entered, not at every price. */
  const entered = createMemo((): TicketState => ({ ...state }));
  const summary = createMemo(() => summarizeTicket(entered(), context()));
  const request = createMemo(() => orderRequestOf(entered(), context(), summary()), null, { equals: sameOrder });
  const basis = () => ({ price: context().live?.price, position: context().position });
  const preview = usePreview(request, basis, () => context().stage === 'ready');
  const receipt = createMemo(() => ticketReceipt(context(), summary(), preview()));
  const issues = createMemo(() => ticketIssues(entered(), context(), summary(), receipt(), preview()));

  /** The price of now in the market's digits, as text for a field. */
  const lastPriceText = (): string => {
    const { live } = context();
    if (live === undefined) return '';
    const step = 10n ** BigInt(PRICE_DECIMALS - market().price_decimals);
    return formatDecimal(live.price - (live.price % step), PRICE_DECIMALS);
  };
  const chooseType = (orderType: TicketOrderType) =>
    dispatch({ type: 'orderType', orderType, priceText: lastPriceText() });
  /** Size as typed; an unlocked leverage rises to what it needs. */
  const typeSize = (typed: string) => {
    const leverageText = leverageFor(reduceTicket({ ...state }, { type: 'size', typed }), context());
    dispatch(leverageText === undefined ? { type: 'size', typed } : { type: 'size', typed, leverageText });
  };
  const focusSize = () => {
    sizeInput()?.focus();
    sizeInput()?.select();
  };
  /** The button goes off with the order, and a focus that stood on it would be lost: the next order starts at its size. */
  const keepFocus = () =>
    requestAnimationFrame(() => {
      if (document.activeElement === document.body) sizeInput()?.focus();
    });
  useTicketCommands(symbol, (command) => apply(command, { state, dispatch, chooseType, focusSize }));

  const subject = () => `ticket/${symbol()}`;
  /** An order of which nobody knows what became: the same one goes out under its key, so that one wish is one order. */
  let unsure: { readonly order: OrderDraft; readonly key: string } | undefined;
  /** It was sent, and no answer came: the exchange is asked what became of it. */
  const asking = () => desk.commands.of(subject())?.stage === 'asking';

  /** True when the order was taken. */
  const send = async (): Promise<boolean> => {
    const order = request();
    if (order === null || firstBlocking(issues()) !== undefined || sending()) return false;
    setSending(true);
    const key = unsure !== undefined && sameOrder(unsure.order, order) ? unsure.key : newIdempotencyKey();
    const placed = await desk.commands.run({
      ...{ key, subject: subject(), failed: texts.ticket.failed },
      send: (idempotencyKey) => desk.client.orders.place(order, idempotencyKey),
    });
    unsure = desk.commands.of(subject())?.stage === 'unknown' ? { order, key } : undefined;
    setSending(false);
    if (placed === undefined) return false;
    dispatch({ type: 'placed' });
    keepFocus();
    return true;
  };

  return {
    ...{ state, dispatch, context, summary, request, receipt, issues, preview, sending, asking, send },
    ...{ lastPriceText, chooseType, typeSize, setSizeInput },
  };
}

export type Ticket = ReturnType<typeof useTicket>;

interface Commanded extends Pick<Ticket, 'state' | 'dispatch' | 'chooseType'> {
  readonly focusSize: () => void;
}

/** Does what another part of the terminal asked for. */
function apply(command: TicketCommand, { state, dispatch, chooseType, focusSize }: Commanded): void {
  switch (command.kind) {
    case 'side':
      return void dispatch({ type: 'side', side: command.side });
    case 'orderType':
      return chooseType(command.orderType);
    case 'focusSize':
      // A sheet that is just rising takes the focus itself first.
      return void requestAnimationFrame(focusSize);
    case 'price': {
      const kept = state.orderType === 'market' ? 'limit' : state.orderType;
      const orderType = command.orderType ?? kept;
      chooseType(orderType);
      const typed = formatDecimal(command.price, PRICE_DECIMALS);
      return void dispatch({ type: takesStop(orderType) ? 'stopPrice' : 'limitPrice', typed });
    }
    case 'prefill':
      dispatch({ type: 'prefill', prefill: command.prefill });
      return void requestAnimationFrame(focusSize);
  }
}
