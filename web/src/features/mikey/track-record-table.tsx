import type { TrackRecordEntryDto } from '#shared/protocol/ai.ts';
import { For, Show, type JSX } from 'solid-js';

import { isQuantitative } from '../../domain/mikey/analysis-view.ts';
import {
  brierText,
  callsToSay,
  compare,
  hitInterval,
  returnText,
  saysLittle,
  shareText,
  type Comparison,
  type ModelRecord,
} from '../../domain/mikey/track-record.ts';
import { mikeyTexts } from '../../i18n/mikey.ts';
import { PagePanel } from '../../ui/page-panel.tsx';

const t = mikeyTexts.record;

/** One model's forecasts: each figure beside what the two simple rules came to over the same analyses. */
export function TrackRecordTable(props: { readonly record: ModelRecord }): JSX.Element {
  const name = () => (isQuantitative(props.record.model) ? mikeyTexts.quantitative : props.record.model);
  return (
    <PagePanel
      title={name()}
      testId="record-model"
      tools={<span class="ml-auto text-ink-3">{t.entries(props.record.scored.toLocaleString('en-US'))}</span>}
    >
      <div class="table-scroll">
        <table class="grid-table record-table" aria-label={t.table(name())}>
          <thead>
            <tr>
              <th scope="col" rowSpan={2}>
                {t.market}
              </th>
              <th scope="col" rowSpan={2} title={t.scoredHint}>
                {t.scored}
              </th>
              <th scope="col" rowSpan={2} title={t.signalsHint}>
                {t.signals}
              </th>
              <th scope="colgroup" colSpan={2} title={t.hitsHint} class="record-group">
                {t.hits}
              </th>
              <th scope="colgroup" colSpan={3} title={t.brierHint} class="record-group">
                {t.brier}
              </th>
              <th scope="colgroup" colSpan={3} title={t.returnsHint} class="record-group">
                {t.returns}
              </th>
            </tr>
            <tr>
              <RuleHeads hasHold={false} />
              <RuleHeads hasHold />
              <RuleHeads hasHold />
            </tr>
          </thead>
          <tbody>
            <For each={props.record.entries}>{(entry) => <Row entry={entry} />}</For>
          </tbody>
        </table>
      </div>
    </PagePanel>
  );
}

function RuleHeads(props: { readonly hasHold: boolean }): JSX.Element {
  return (
    <>
      <th scope="col" class="record-own">
        {t.own}
      </th>
      <Show when={props.hasHold}>
        <th scope="col">{t.hold}</th>
      </Show>
      <th scope="col" title={t.lastFull}>
        {t.last}
      </th>
    </>
  );
}

function Row(props: { readonly entry: TrackRecordEntryDto }): JSX.Element {
  const own = () => props.entry.result;
  const hold = () => props.entry.always_hold;
  const last = () => props.entry.last_move_continues;
  const label = (group: string, rule: string) => `${group}: ${rule}`;
  return (
    <tr data-testid="record-entry">
      <th scope="row">
        {props.entry.symbol}
        <span class="ml-2 text-ink-3">{mikeyTexts.analysis.horizons[props.entry.horizon]}</span>
        <Show when={saysLittle(own())}>
          <span class="tag ml-2" title={t.fewHint(callsToSay)}>
            {t.few}
          </span>
        </Show>
      </th>
      <td data-label={t.scored}>{props.entry.scored.toLocaleString('en-US')}</td>
      <td data-label={t.signals}>{props.entry.signals.toLocaleString('en-US')}</td>
      <Own
        label={label(t.hits, t.own)}
        text={shareText(own().hit_rate)}
        than={compare(own().hit_rate, last().hit_rate, 'higher')}
        note={intervalText(own().hits, own().calls)}
      />
      <td data-label={label(t.hits, t.lastFull)}>{shareText(last().hit_rate)}</td>
      <Own
        label={label(t.brier, t.own)}
        text={brierText(own().brier_score)}
        than={compare(own().brier_score, hold().brier_score, 'lower')}
      />
      <td data-label={label(t.brier, t.hold)}>{brierText(hold().brier_score)}</td>
      <td data-label={label(t.brier, t.lastFull)}>{brierText(last().brier_score)}</td>
      <Own
        label={label(t.returns, t.own)}
        text={returnText(own().return_after_fees)}
        than={compare(own().return_after_fees, hold().return_after_fees, 'higher')}
      />
      <td data-label={label(t.returns, t.hold)}>{returnText(hold().return_after_fees)}</td>
      <td data-label={label(t.returns, t.lastFull)}>{returnText(last().return_after_fees)}</td>
    </tr>
  );
}

function intervalText(hits: number, calls: number): string | undefined {
  const interval = hitInterval(hits, calls);
  return interval === null ? undefined : t.interval(interval.low, interval.high);
}

/** MIKEY's own figure, marked by how it stands to the rule beside it. */
function Own(props: {
  readonly label: string;
  readonly text: string;
  readonly than: Comparison;
  readonly note?: string | undefined;
}): JSX.Element {
  const mark = () => (props.than === 'better' ? '▲' : props.than === 'worse' ? '▼' : '');
  return (
    <td data-label={props.label} class="record-own">
      <span classList={{ 'text-up': props.than === 'better', 'text-down': props.than === 'worse' }}>
        <Show when={mark()}>
          {(sign) => (
            <span class="mr-1 text-[0.75em]" role="img" aria-label={props.than === 'better' ? t.better : t.worse}>
              {sign()}
            </span>
          )}
        </Show>
        {props.text}
      </span>
      <Show when={props.note}>
        <span class="ml-2 text-1 text-ink-3">{props.note}</span>
      </Show>
    </td>
  );
}
