import type { TrackRecordEntryDto } from '#shared/protocol/ai.ts';
import { For, Show, type JSX } from 'solid-js';

import { unknownFigure } from '../../domain/format.ts';
import { isQuantitative } from '../../domain/mikey/analysis-view.ts';
import type { ModelRecord } from '../../domain/mikey/track-record.ts';
import { mikeyTexts } from '../../i18n/mikey.ts';
import { createPhone } from '../../ui/media.ts';
import { PagePanel } from '../../ui/page-panel.tsx';
import { EntryName, OwnFigure, measuresOf } from './record-figures.tsx';

const t = mikeyTexts.record;
const countText = (count: number): string => count.toLocaleString('en-US');

/** One model's forecasts: each figure beside what the two simple rules came to over the same analyses. */
export function TrackRecordTable(props: { readonly record: ModelRecord }): JSX.Element {
  const phone = createPhone();
  const name = () => (isQuantitative(props.record.model) ? mikeyTexts.quantitative : props.record.model);
  return (
    <PagePanel
      title={name()}
      class="record-model"
      testId="record-model"
      tools={<span class="ml-auto text-ink-3">{t.entries(countText(props.record.scored))}</span>}
    >
      <div class="table-scroll" tabIndex={0} role="region" aria-label={t.table(name())}>
        <Show when={!phone()} fallback={<For each={props.record.entries}>{(entry) => <Card entry={entry} />}</For>}>
          <table class="grid-table record-table" aria-label={t.table(name())}>
            <Heads />
            <tbody>
              <For each={props.record.entries}>{(entry) => <Row entry={entry} />}</For>
            </tbody>
          </table>
        </Show>
      </div>
    </PagePanel>
  );
}

function Heads(): JSX.Element {
  return (
    <thead>
      <tr>
        <th scope="col" rowSpan={2}>
          {t.market}
        </th>
        <th scope="col" rowSpan={2} title={t.scoredHint}>
          {t.scored}
        </th>
        <th scope="col" rowSpan={2} title={t.independentHint}>
          {t.independent}
        </th>
        <th scope="col" rowSpan={2} title={t.signalsHint}>
          {t.signals}
        </th>
        <th scope="colgroup" colSpan={2} title={t.hitsHint} class="record-group record-hits">
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
        <For each={[false, true, true]}>
          {(hasHold) => (
            <>
              <th scope="col" class="record-own">
                {t.own}
              </th>
              <Show when={hasHold}>
                <th scope="col">{t.hold}</th>
              </Show>
              <th scope="col" title={t.lastFull}>
                {t.last}
              </th>
            </>
          )}
        </For>
      </tr>
    </thead>
  );
}

function Row(props: { readonly entry: TrackRecordEntryDto }): JSX.Element {
  return (
    <tr data-testid="record-entry">
      <th scope="row">
        <EntryName entry={props.entry} />
      </th>
      <td>{countText(props.entry.scored)}</td>
      <td>{countText(props.entry.independent)}</td>
      <td>{countText(props.entry.signals)}</td>
      <For each={measuresOf(props.entry)}>
        {(measure) => (
          <>
            <td class="record-own">
              <OwnFigure measure={measure} />
            </td>
            <Show when={measure.hold !== null}>
              <td>{measure.hold}</td>
            </Show>
            <td>{measure.last}</td>
          </>
        )}
      </For>
    </tr>
  );
}

/** On a phone: an entry with its measures below each other. */
function Card(props: { readonly entry: TrackRecordEntryDto }): JSX.Element {
  return (
    <article class="record-card" data-testid="record-entry">
      <header>
        <h3 class="font-semibold">
          <EntryName entry={props.entry} />
        </h3>
        <p class="ml-auto text-ink-3">
          {t.counts(countText(props.entry.scored), countText(props.entry.independent), countText(props.entry.signals))}
        </p>
      </header>
      <table class="mikey-changes">
        <thead>
          <tr>
            <th scope="col">
              <span class="visually-hidden">{mikeyTexts.proposal.figure}</span>
            </th>
            <th scope="col">{t.own}</th>
            <th scope="col">{t.hold}</th>
            <th scope="col">{t.last}</th>
          </tr>
        </thead>
        <tbody>
          <For each={measuresOf(props.entry)}>
            {(measure) => (
              <tr>
                <th scope="row">{measure.name}</th>
                <td>
                  <OwnFigure measure={{ ...measure, note: undefined }} />
                </td>
                <td>{measure.hold ?? unknownFigure}</td>
                <td>{measure.last}</td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </article>
  );
}
