import type { TrackRecordEntryDto } from '#shared/protocol/ai.ts';
import { Show, type JSX } from 'solid-js';

import {
  brierText,
  compare,
  independentToSay,
  intervalOf,
  returnText,
  saysLittle,
  shareText,
  type Comparison,
} from '../../domain/mikey/track-record.ts';
import { mikeyTexts } from '../../i18n/mikey.ts';

const t = mikeyTexts.record;

/** One measure of a forecast: MIKEY's own figure, how it stands to a rule, and what the rules came to. */
export interface Measure {
  readonly name: string;
  readonly own: string;
  readonly than: Comparison;
  /** The interval around it. */
  readonly note: string | undefined;
  /** Null where always holding has none: it calls nothing. */
  readonly hold: string | null;
  readonly last: string;
}

/** The measures of an entry, in the order of the table. */
export function measuresOf(entry: TrackRecordEntryDto): readonly [Measure, Measure, Measure] {
  const { result: own, always_hold: hold, last_move_continues: last } = entry;
  const interval = intervalOf(own);
  return [
    {
      ...{ name: t.hits, own: shareText(own.hit_rate), than: compare(own.hit_rate, last.hit_rate, 'higher') },
      ...{ note: interval === null ? undefined : t.interval(interval.low, interval.high) },
      ...{ hold: null, last: shareText(last.hit_rate) },
    },
    {
      ...{ name: t.brier, own: brierText(own.brier_score), note: undefined },
      than: compare(own.brier_score, hold.brier_score, 'lower'),
      ...{ hold: brierText(hold.brier_score), last: brierText(last.brier_score) },
    },
    {
      ...{ name: t.returns, own: returnText(own.return_after_fees), note: undefined },
      than: compare(own.return_after_fees, hold.return_after_fees, 'higher'),
      ...{ hold: returnText(hold.return_after_fees), last: returnText(last.return_after_fees) },
    },
  ];
}

/** MIKEY's own figure, marked by how it stands to the rule beside it. */
export function OwnFigure(props: { readonly measure: Measure }): JSX.Element {
  const mark = () => (props.measure.than === 'better' ? '▲' : props.measure.than === 'worse' ? '▼' : '');
  return (
    <>
      <span classList={{ 'text-up': props.measure.than === 'better', 'text-down': props.measure.than === 'worse' }}>
        <Show when={mark()}>
          {(sign) => (
            <span
              class="mr-1 text-[0.75em]"
              role="img"
              aria-label={props.measure.than === 'better' ? t.better : t.worse}
            >
              {sign()}
            </span>
          )}
        </Show>
        {props.measure.own}
      </span>
      <Show when={props.measure.note}>
        <span class="ml-2 text-1 font-normal text-ink-3">{props.measure.note}</span>
      </Show>
    </>
  );
}

/** Which forecasts an entry counts: their market and horizon, and whether there are few. */
export function EntryName(props: { readonly entry: TrackRecordEntryDto }): JSX.Element {
  return (
    <>
      {props.entry.symbol}
      <span class="ml-2 text-ink-3">{mikeyTexts.analysis.horizons[props.entry.horizon]}</span>
      <Show when={saysLittle(props.entry)}>
        <span class="tag ml-2" title={t.fewHint(independentToSay)}>
          {t.few}
        </span>
      </Show>
    </>
  );
}
