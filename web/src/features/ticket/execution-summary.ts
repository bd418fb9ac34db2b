import { unknownFigure } from '../../domain/format.ts';
import { boundsSlippage } from '../../domain/ticket/issues-fields.ts';
import { effectiveTimeInForce, timeInForceChoices } from '../../domain/ticket/state.ts';
import { texts } from '../../i18n/index.ts';
import type { Ticket } from './use-ticket.ts';

/** The terms of execution in a few characters, as the button that reveals them says them; undefined for one that the order has not. */
export function executionSummary(ticket: Ticket): { timeInForce: string | undefined; slippage: string | undefined } {
  const t = texts.ticket;
  const { state } = ticket;
  const waits = timeInForceChoices(state.orderType).length > 1;
  return {
    timeInForce: waits ? t.timesInForce[effectiveTimeInForce(state)] : undefined,
    slippage: boundsSlippage(state, ticket.summary())
      ? t.slippagePreset(state.slippageText === '' ? unknownFigure : state.slippageText)
      : undefined,
  };
}
