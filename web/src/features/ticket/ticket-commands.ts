import type { MarketSymbol } from '#shared/markets.ts';
import type { Price } from '#shared/money/units.ts';
import type { TradeSide } from '#shared/perps/types.ts';
import { createEffect, createSignal, untrack, type Accessor } from 'solid-js';

import type { TicketOrderType, TicketPrefill } from '../../domain/ticket/state.ts';

/** What other parts of the terminal ask of the ticket. */
export type TicketCommand =
  | { readonly kind: 'side'; readonly side: TradeSide }
  | { readonly kind: 'orderType'; readonly orderType: TicketOrderType }
  | { readonly kind: 'focusSize' }
  | {
      readonly kind: 'price';
      readonly symbol: MarketSymbol;
      readonly price: Price;
      readonly orderType: TicketOrderType | undefined;
    }
  | { readonly kind: 'prefill'; readonly symbol: MarketSymbol; readonly prefill: TicketPrefill };

interface Waiting {
  readonly command: TicketCommand;
  readonly sentAtMs: number;
}

/** Commands kept while no ticket is on screen (the phone's sheet is closed, another market is loading). */
const waitingMax = 8;
/** A command that no ticket took by then is forgotten: nobody expects it any more. */
const waitingMsMax = 10_000;

const [waiting, setWaiting] = createSignal<readonly Waiting[]>([]);

let makeRoom = (): void => undefined;

/** Calls before each command, so that a ticket that something stands before is in sight when it takes it. @returns a function that ends that. */
export function beforeTicketCommands(call: () => void): () => void {
  makeRoom = call;
  return () => {
    if (makeRoom === call) makeRoom = () => undefined;
  };
}

function send(command: TicketCommand): void {
  makeRoom();
  setWaiting((held) => [...held, { command, sentAtMs: Date.now() }].slice(-waitingMax));
}

/**
 * The ticket for whoever is not the ticket: the palette, shortcuts, the chart, a proposal. Nothing here sends an order; it fills in what the
 * trader then reads and sends. A command waits for the ticket of its market to be on screen, for a few seconds.
 */
export const ticketCommands = {
  setSide: (side: TradeSide): void => send({ kind: 'side', side }),
  setOrderType: (orderType: TicketOrderType): void => send({ kind: 'orderType', orderType }),
  /** Puts the cursor into the size field, its text chosen. */
  focusSize: (): void => send({ kind: 'focusSize' }),
  /** A price picked in the chart: the trigger of a stop, the limit of any other order; a market order becomes a limit order. */
  fillPrice: (symbol: MarketSymbol, price: Price, orderType?: TicketOrderType): void =>
    send({ kind: 'price', symbol, price, orderType }),
  /** Fills in a whole order: a proposal, the flip of a position, an order to repeat. What it does not name stays as it is. */
  prefill: (symbol: MarketSymbol, prefill: TicketPrefill): void => send({ kind: 'prefill', symbol, prefill }),
} as const;

const isFresh = ({ sentAtMs }: Waiting): boolean => Date.now() - sentAtMs <= waitingMsMax;

/** The newest command that waits for a ticket: where the ticket is a sheet, the sign to raise it. */
export const waitingTicketCommand: Accessor<TicketCommand | undefined> = () => waiting().findLast(isFresh)?.command;

/** Hands a ticket the commands meant for its market, those included that came before it was on screen. */
export function useTicketCommands(symbol: Accessor<MarketSymbol>, apply: (command: TicketCommand) => void): void {
  createEffect(() => {
    const held = waiting();
    const shown = symbol();
    if (held.length === 0) return;
    const fresh = held.filter(isFresh);
    const isOurs = ({ command }: Waiting) => !('symbol' in command) || command.symbol === shown;
    const ours = fresh.filter(isOurs);
    if (ours.length === 0 && fresh.length === held.length) return;
    untrack(() => {
      setWaiting(fresh.filter((candidate) => !isOurs(candidate)));
      for (const { command } of ours) apply(command);
    });
  });
}
