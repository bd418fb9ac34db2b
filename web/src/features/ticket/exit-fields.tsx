import { formatDecimal } from '#shared/money/decimal.ts';
import { divRound } from '#shared/money/divide.ts';
import { PRICE_DECIMALS } from '#shared/money/units.ts';
import { Show, createMemo, createSignal, type JSX } from 'solid-js';

import { cleanDecimalInput, readDecimalInput } from '../../domain/decimal-input.ts';
import { exitPriceOf, exitResult, fillOf, worstStopResult, type ExitResult } from '../../domain/exit-result.ts';
import { formatQuote, unknownFigure } from '../../domain/format.ts';
import { displayDecimal } from '#shared/money/format.ts';
import { exitBasisOf, rewardToRiskE2 } from '../../domain/ticket/exits.ts';
import type { ExitKind } from '../../domain/ticket/state.ts';
import type { TicketField } from '../../domain/ticket/errors.ts';
import { texts } from '../../i18n/index.ts';
import { Signed } from '../../ui/signed.tsx';
import { AmountField } from './amount-field.tsx';
import { CompactField } from './compact-field.tsx';
import { exitNetText, worstExitText } from './exit-worst.tsx';
import type { Ticket } from './use-ticket.ts';

/** Percent of the margin, as typed: two decimals are one basis point. */
const percentDecimals = 2;
/** Digits of a percentage that follows from a price. */
const shownPlaces = 1;

/** Take-profit and stop-loss by price or by what they win or lose of the margin, with what each comes to. */
export function ExitFields(props: {
  readonly ticket: Ticket;
  readonly priceDecimals: number;
  readonly invalid: (field: TicketField) => boolean;
  readonly describedBy: string;
}): JSX.Element {
  const basis = createMemo(() =>
    exitBasisOf(props.ticket.state, props.ticket.context(), props.ticket.summary(), props.ticket.receipt()),
  );
  const ratio = () => {
    const known = basis();
    const { takeProfit, stopLoss } = props.ticket.summary();
    return known === null ? null : rewardToRiskE2(known, takeProfit, stopLoss);
  };
  return (
    <div class="ticket-drawer">
      <ExitField {...props} exit="takeProfit" basis={basis()} />
      <ExitField {...props} exit="stopLoss" basis={basis()} />
      <p class="text-right text-1 text-ink-3" data-testid="reward-to-risk">
        {texts.ticket.rewardToRisk(ratio() === null ? unknownFigure : displayDecimal(ratio() ?? 0n, 2, { places: 2 }))}
      </p>
    </div>
  );
}

function ExitField(props: {
  readonly exit: ExitKind;
  readonly ticket: Ticket;
  readonly basis: ReturnType<typeof exitBasisOf>;
  readonly priceDecimals: number;
  readonly invalid: (field: TicketField) => boolean;
  readonly describedBy: string;
}): JSX.Element {
  const t = texts.ticket;
  const isProfit = () => props.exit === 'takeProfit';
  const word = () => (isProfit() ? t.exitGain : t.exitLoss);
  const priceText = () => (isProfit() ? props.ticket.state.takeProfitText : props.ticket.state.stopLossText);
  const at = () => props.ticket.summary()[props.exit];
  const outcome = () => {
    const [price, basis] = [at(), props.basis];
    return price === null || basis === null ? null : exitResult(basis, price, fillOf[props.exit]);
  };
  /** What is being typed as a percentage; undefined while it follows from the price. */
  const [typing, setTyping] = createSignal<string | undefined>();
  /** Gains of a take-profit and losses of a stop-loss count up from zero; the other way round they carry a minus. */
  const percentText = () => {
    const bps = outcome()?.marginShareBps ?? null;
    if (bps === null) return '';
    const share = isProfit() ? bps : -bps;
    return formatDecimal(divRound(share, 10n), shownPlaces);
  };
  const typePrice = (typed: string) => props.ticket.dispatch({ type: 'exit', exit: props.exit, typed });
  const typePercent = (typed: string) => {
    const text = cleanDecimalInput(typed, percentDecimals);
    if (text === undefined) return;
    setTyping(text);
    const share = readDecimalInput(text, percentDecimals);
    if (props.basis === null) return;
    const price = share === null ? null : exitPriceOf(props.basis, props.exit, share, props.priceDecimals);
    typePrice(price === null ? '' : formatDecimal(price, PRICE_DECIMALS));
  };
  return (
    <div class="grid grid-cols-1 gap-1">
      <div class="flex items-center gap-1.5">
        <div class="min-w-0 flex-1">
          <AmountField
            label={t.exitNames[props.exit]}
            name={t.exitPrice(t.exitNames[props.exit])}
            value={priceText()}
            placeholder={unknownFigure}
            onInput={typePrice}
            unit="USD"
            step={{ decimals: PRICE_DECIMALS, places: props.priceDecimals }}
            invalid={props.invalid(props.exit)}
            describedBy={props.describedBy}
            testId={isProfit() ? 'take-profit' : 'stop-loss'}
          />
        </div>
        <CompactField
          name={t.exitPercent(t.exitNames[props.exit], word())}
          value={typing() ?? percentText()}
          placeholder={word()}
          onInput={typePercent}
          onBlur={() => setTyping(undefined)}
          unit="%"
          testId={isProfit() ? 'take-profit-percent' : 'stop-loss-percent'}
        />
      </div>
      <ExitResult {...props} outcome={outcome()} />
    </div>
  );
}

/** What the exit is expected to win or lose, and what the slippage may make of a stop-loss. */
function ExitResult(props: {
  readonly exit: ExitKind;
  readonly ticket: Ticket;
  readonly basis: ReturnType<typeof exitBasisOf>;
  readonly outcome: ExitResult | null;
}): JSX.Element {
  const t = texts.ticket;
  /** Without a size there is a share of the margin, and no amount. */
  const known = () => (props.basis?.nominal === false ? props.outcome : null);
  const worst = () => {
    const { stopLoss, slippageBps } = props.ticket.summary();
    if (props.exit === 'takeProfit' || props.basis === null || stopLoss === null || slippageBps === null)
      return undefined;
    return known() === null
      ? undefined
      : worstExitText(worstStopResult(props.basis, stopLoss, slippageBps), slippageBps);
  };
  return (
    <p class="flex justify-between gap-2 text-1 text-ink-3" title={t.exitPnlHint}>
      <span>{t.exitPnl}</span>
      <span data-testid={props.exit === 'takeProfit' ? 'take-profit-pnl' : 'stop-loss-pnl'}>
        <Show when={known()} fallback={unknownFigure}>
          {(result) => (
            <>
              <Signed value={result().net} text={exitNetText(result().net)} />
              <span class="ml-2" title={worst() && t.exitWorstHint}>
                {worst() ?? t.exitFee(formatQuote(result().fee, { rounding: 'ceil' }))}
              </span>
            </>
          )}
        </Show>
      </span>
    </p>
  );
}
