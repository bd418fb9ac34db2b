import { MARKET_SYMBOLS, marketOf } from '#shared/markets.ts';
import { quote, type Quote } from '#shared/money/units.ts';
import { Show, createMemo, createSignal, type JSX } from 'solid-js';

import { errorText } from '../../data/error-text.ts';
import { formatQuote, formatShare } from '../../domain/format.ts';
import { crossings, ladder, moveAccount, type MovedAccount, type Scope } from '../../domain/risk/what-if.ts';
import { texts } from '../../i18n/pages.ts';
import { Figure, PagePanel } from '../../ui/page-panel.tsx';
import { Notice, PanelState, SkeletonRows } from '../../ui/panel-state.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Signed } from '../../ui/signed.tsx';
import { MoveSlider } from './move-slider.tsx';
import { heldStatus, type HeldProps } from './ratios-panel.tsx';
import { LadderTable, MovedPositions } from './what-if-tables.tsx';

const t = texts.risk.whatIf;

/** Moves prices by hand: who would be liquidated, and what would be left. */
export function WhatIfPanel(props: HeldProps & { readonly free: Quote | undefined }): JSX.Element {
  const [chosen, setScope] = createSignal<Scope>('all');
  const [moveBps, setMoveBps] = createSignal(0);
  const positions = () => props.held ?? [];
  /** Only markets with a position can be moved alone; the choice falls back when the last one is closed. */
  const scopes = createMemo(() => [
    { value: 'all' as const, label: t.all },
    ...MARKET_SYMBOLS.filter((symbol) => positions().some(({ position }) => position.symbol === symbol)).map(
      (value) => ({ value, label: marketOf(value).base }),
    ),
  ]);
  const scope = (): Scope => (scopes().some(({ value }) => value === chosen()) ? chosen() : 'all');
  const free = () => props.free ?? quote(0n);
  const now = createMemo(() => moveAccount(positions(), free(), { scope: 'all', moveBps: 0 }));
  const moved = createMemo(() => moveAccount(positions(), free(), { scope: scope(), moveBps: moveBps() }));
  const found = createMemo(() => crossings(positions(), scope()));
  const rows = createMemo(() => ladder(positions(), free(), scope()));
  const spoken = (after: MovedAccount) => t.spoken(formatShare(BigInt(moveBps()), 10_000n, 1, true), after.liquidated);
  return (
    <PagePanel title={t.title} hint={t.hint} testId="what-if">
      <PanelState
        status={heldStatus(props)}
        skeleton={<SkeletonRows rows={4} />}
        empty={<Notice title={t.empty} text={t.emptyText} />}
        errorText={errorText(props.failed)}
        onRetry={props.onRetry}
      >
        <Show when={moved()} fallback={<Notice title={t.unpriced} />}>
          {(after) => (
            <>
              <div class="what-if-form">
                <Segmented label={t.scope} options={scopes()} value={scope()} onChange={setScope} />
                <MoveSlider moveBps={moveBps()} onMove={setMoveBps} crossings={found()} spoken={spoken(after())} />
              </div>
              <Outlook now={now()} after={after()} />
              <div class="what-if-tables">
                <MovedPositions account={after()} />
                <div class="ladder-place">
                  <Show when={rows()}>
                    {(steps) => <LadderTable rows={steps()} onChoose={setMoveBps} chosen={moveBps()} />}
                  </Show>
                </div>
              </div>
            </>
          )}
        </Show>
      </PanelState>
    </PagePanel>
  );
}

function Outlook(props: { readonly now: MovedAccount | null; readonly after: MovedAccount }): JSX.Element {
  const change = (of: (account: MovedAccount) => bigint) => (props.now === null ? 0n : of(props.after) - of(props.now));
  return (
    <dl class="figures border-y border-line">
      <Figure label={t.equity} under={<Change value={change(({ equity }) => equity)} />} testId="what-if-equity">
        {formatQuote(props.after.equity, { rounding: 'floor' })}
      </Figure>
      <Figure label={t.free} under={<Change value={change(({ free }) => free)} />} testId="what-if-free">
        {formatQuote(props.after.free, { rounding: 'floor' })}
      </Figure>
      <Figure label={t.liquidated} testId="what-if-liquidated">
        <span classList={{ 'text-down': props.after.liquidated > 0 }}>
          {t.count(props.after.liquidated, props.after.positions.length)}
        </span>
      </Figure>
    </dl>
  );
}

/** What the move changes; nothing where it changes nothing. */
function Change(props: { readonly value: bigint }): JSX.Element {
  return (
    <Show when={props.value !== 0n}>
      <Signed value={props.value} text={formatQuote(props.value, { plus: true })} arrow />
    </Show>
  );
}
