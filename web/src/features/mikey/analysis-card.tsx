import { marketOf } from '#shared/markets.ts';
import type { AnalysisDto } from '#shared/protocol/ai.ts';
import { Show, createMemo, createUniqueId, type JSX } from 'solid-js';

import { useAssistant } from '../../data/assistant.ts';
import { useDesk } from '../../data/desk.ts';
import { formatDateTime, formatPrice, formatShare } from '../../domain/format.ts';
import { prefillOfAnalysis, toneOf } from '../../domain/mikey/analysis-view.ts';
import { shareLeft, timeLeft } from '../../domain/mikey/countdown.ts';
import { returnText } from '../../domain/mikey/track-record.ts';
import { mikeyTexts } from '../../i18n/mikey.ts';
import { createClock } from '../../ui/clock.ts';
import { Author } from './answer.tsx';
import { CitedText } from './cited-text.tsx';
import { FigureList } from './figure-list.tsx';
import { useWays } from './use-place.ts';

const clockMs = 1_000;
const t = mikeyTexts.analysis;
const wholeBps = 10_000n;

/** A share in basis points as whole percent. */
const percent = (shareBps: number): string => formatShare(BigInt(shareBps), wholeBps, 0);

/** An analysis: what it advises, how sure it is, until when it holds, and the figures it stands on. */
export function AnalysisCard(props: { readonly analysis: AnalysisDto }): JSX.Element {
  const id = createUniqueId();
  const now = createClock(clockMs);
  const market = () => marketOf(props.analysis.symbol);
  return (
    <article class="mikey-card" data-tone={toneOf(props.analysis)} aria-labelledby={id} data-testid="analysis">
      <header class="mikey-card-head">
        <h3 id={id}>
          {props.analysis.symbol}
          <span class="text-ink-3">
            {t.kinds[props.analysis.analysis_type]} · {t.horizons[props.analysis.horizon]}
          </span>
        </h3>
        <p class="mikey-verdict">
          <span class="mikey-direction">{t.recommendations[props.analysis.recommendation]}</span>
          <Confidence shareBps={props.analysis.confidence_score} />
        </p>
      </header>
      <Life analysis={props.analysis} nowMs={now()} />
      <dl class="mikey-costs">
        <div>
          <dt>{t.price}</dt>
          <dd>{formatPrice(props.analysis.price, market().priceDecimals)}</dd>
        </div>
        <Show when={props.analysis.probability_up !== null}>
          <div>
            <dt>{t.probability}</dt>
            <dd>{formatShare(BigInt(props.analysis.probability_up ?? 0), wholeBps, 1)}</dd>
          </div>
        </Show>
      </dl>
      <Outcome analysis={props.analysis} />
      <CitedText text={props.analysis.reasoning} symbol={props.analysis.symbol} figures={props.analysis.figures} />
      <FigureList text={props.analysis.reasoning} symbol={props.analysis.symbol} figures={props.analysis.figures} />
      <footer class="mikey-card-foot">
        <Author model={props.analysis.model} />
        <UseInTicket analysis={props.analysis} nowMs={now()} />
      </footer>
    </article>
  );
}

function Confidence(props: { readonly shareBps: number }): JSX.Element {
  return (
    <span class="mikey-confidence">
      <span class="text-ink-3">{t.confidence}</span>
      <b data-testid="confidence">{percent(props.shareBps)}</b>
      <span class="mikey-meter" aria-hidden="true">
        <i style={{ width: percent(props.shareBps) }} />
      </span>
    </span>
  );
}

/** How long it still holds, as a bar and in words; afterwards when it ended. */
function Life(props: { readonly analysis: AnalysisDto; readonly nowMs: number }): JSX.Element {
  const endMs = () => Date.parse(props.analysis.expires_at);
  const left = () => timeLeft(endMs(), props.nowMs);
  const share = () => shareLeft(Date.parse(props.analysis.created_at), endMs(), props.nowMs);
  return (
    <p class="mikey-life" data-testid="expiry">
      <Show when={left()} fallback={t.expiredAt(formatDateTime(new Date(endMs())))}>
        {(time) => (
          <>
            <span class="mikey-meter" aria-hidden="true">
              <i style={{ width: `${share()}%` }} />
            </span>
            <time dateTime={props.analysis.expires_at}>{t.expiresIn(time())}</time>
          </>
        )}
      </Show>
    </p>
  );
}

const outcomeTones = { right: 'up', wrong: 'down', flat: '', void: '' } as const;

/** What came of it once it expired. */
function Outcome(props: { readonly analysis: AnalysisDto }): JSX.Element {
  return (
    <Show when={props.analysis.outcome}>
      {(outcome) => (
        <dl class="mikey-costs">
          <div>
            <dt>{t.outcome}</dt>
            <dd>
              <span class="tag" data-tone={outcomeTones[outcome().direction]}>
                {t.outcomes[outcome().direction]}
              </span>
            </dd>
          </div>
          <Show when={outcome().exit_price}>
            {(price) => (
              <div>
                <dt>{t.exitPrice}</dt>
                <dd>{formatPrice(price(), marketOf(props.analysis.symbol).priceDecimals)}</dd>
              </div>
            )}
          </Show>
          <Show when={outcome().return_after_fees !== null}>
            <div>
              <dt>{t.returned}</dt>
              <dd>{returnText(outcome().return_after_fees)}</dd>
            </div>
          </Show>
        </dl>
      )}
    </Show>
  );
}

/** Fills in the ticket with its direction; the order then names the analysis. */
function UseInTicket(props: { readonly analysis: AnalysisDto; readonly nowMs: number }): JSX.Element {
  const desk = useDesk();
  const assistant = useAssistant();
  const ways = useWays();
  const position = () => desk.own.account.positions?.find(({ symbol }) => symbol === props.analysis.symbol);
  const prefill = createMemo(() => prefillOfAnalysis(props.analysis, position(), props.nowMs));
  const whyNot = () => {
    if (Date.parse(props.analysis.expires_at) <= props.nowMs) return '';
    return props.analysis.recommendation === 'close' ? t.nothingToClose : t.noTrade;
  };
  return (
    <Show when={prefill()} fallback={<span class="text-ink-3">{whyNot()}</span>}>
      {(filled) => (
        <button
          type="button"
          class="button button-accent button-small"
          title={t.useHint}
          data-testid="use-analysis"
          onClick={() => {
            ways.fill(props.analysis.symbol, filled());
            assistant.say(mikeyTexts.proposal.filled);
          }}
        >
          {t.use}
        </button>
      )}
    </Show>
  );
}
