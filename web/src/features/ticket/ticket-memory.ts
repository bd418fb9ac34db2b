import type { MarketSymbol } from '#shared/markets.ts';
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

/** The slippage of the trader's choosing, basis points: what every order takes that has no field of its own for it. */
export const habitualSlippageBps = (): bigint =>
  readDecimalInput(rememberedHabits().slippageText ?? initialTicket.slippageText, 2) ?? slippageBpsElse;
const slippageBpsElse = 50n;

export const rememberHabits = ({ leverageChosenText, leverageLocked, slippageText, sizeUnit }: TicketState): void =>
  remember(storageKey, { leverageChosenText, leverageLocked, slippageText, sizeUnit });

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
