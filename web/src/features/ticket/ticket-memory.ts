import { formatDecimal } from '#shared/money/decimal.ts';
import type { MarketSymbol } from '#shared/markets.ts';
import { createRoot, createSignal } from 'solid-js';
import * as z from 'zod';

import { readRemembered, remember } from '../../data/remembered.ts';
import { readDecimalInput } from '../../domain/decimal-input.ts';
import { initialTicket, type TicketState } from '../../domain/ticket/state.ts';

const storageKey = 'quantdesk.ticket';

const figure = z.string().regex(/^\d{1,3}(\.\d{1,2})?$/);

/** The habits that a ticket starts with again; each falls back by itself. */
const habitsSchema = z.object({
  leverageChosenText: figure.catch(initialTicket.leverageChosenText),
  leverageLocked: z.boolean().catch(initialTicket.leverageLocked),
  slippageText: figure.catch(initialTicket.slippageText),
  sizeUnit: z.enum(['base', 'quote']).catch(initialTicket.sizeUnit),
});

export type TicketHabits = z.infer<typeof habitsSchema>;

/** Habits as this browser keeps them. */
export const rememberedHabits = (): Partial<TicketHabits> => readRemembered(storageKey, habitsSchema) ?? {};

/** The exchange takes no more. */
const slippageBpsMax = 1_000n;
const slippageBpsOf = (text: string | undefined): bigint | undefined => {
  const bps = readDecimalInput(text ?? '', 2) ?? undefined;
  return bps !== undefined && bps <= slippageBpsMax ? bps : undefined;
};

const [slippageBps, setSlippageBps] = createRoot(() =>
  createSignal(slippageBpsOf(rememberedHabits().slippageText) ?? slippageBpsOf(initialTicket.slippageText) ?? 0n),
);

/**
 * The slippage of the trader's choosing, basis points: what every order takes that has no field of its own for it. The last one that the
 * ticket had and the exchange takes: what is said of it beside a button is what pressing the button sends.
 */
export const habitualSlippageBps = slippageBps;

/** The same as typed: percent. */
export const habitualSlippageText = (): string => formatDecimal(slippageBps(), 2);

/** Keeps what a ticket has now for the next one. */
export function rememberHabits({ leverageChosenText, leverageLocked, slippageText, sizeUnit }: TicketState): void {
  remember(storageKey, { leverageChosenText, leverageLocked, slippageText, sizeUnit });
  setSlippageBps((kept) => slippageBpsOf(slippageText) ?? kept);
}

/** Figures typed and not sent: whose, and for which market. */
interface TypedTicket {
  readonly symbol: MarketSymbol;
  readonly wallet: string | undefined;
  readonly state: TicketState;
}

let typed: TypedTicket | undefined;

/** Keeps what a ticket holds while it is off the screen: a sheet that closes to show the chart must not forget it. */
export const keepTyped = (ticket: TypedTicket): void => void (typed = ticket);

/**
 * What was typed for a market and not sent; undefined where another market or another wallet came between. What a visitor typed is of
 * whoever signs in.
 */
export const keptTyped = (symbol: MarketSymbol, wallet: string | undefined): TicketState | undefined =>
  typed?.symbol === symbol && (typed.wallet === undefined || typed.wallet === wallet) ? typed.state : undefined;
