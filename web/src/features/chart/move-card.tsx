import { marketOf, type MarketSymbol } from '#shared/markets.ts';
import { Show, createMemo, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { formatPrice, formatShare } from '../../domain/format.ts';
import { moveOf } from '../../domain/line-move.ts';
import { texts } from '../../i18n/index.ts';
import { Signed } from '../../ui/signed.tsx';
import { WorstExit, exitNetText } from '../ticket/exit-worst.tsx';
import { useMarketContext } from '../ticket/market-context.ts';
import { focusLine } from './focus-line.ts';
import type { LineMoves, Moving } from './use-line-moves.ts';

/** Room the card takes above or below its line, pixels. */
const cardHeight = 114;
const cardGap = 14;

/** Beside a line that was moved: what it means there, and whether it should stay. */
export function MoveCard(props: {
  readonly symbol: MarketSymbol;
  readonly moving: Moving;
  readonly moves: LineMoves;
  readonly y: number;
  readonly height: number;
}): JSX.Element {
  const desk = useDesk();
  const t = texts.chart.move;
  const places = () => marketOf(props.symbol).priceDecimals;
  const context = useMarketContext(
    () => props.symbol,
    () => desk.own.account.positions?.find(({ symbol }) => symbol === props.symbol),
  );
  const mark = () => context()?.live?.price;
  const meaning = createMemo(() => {
    const known = context();
    return known && moveOf(props.moving.line, props.moving.price, known, props.moving.slippageBps);
  });
  const net = () => meaning()?.result?.net;
  const refused = () => meaning()?.note === 'wrongSide';
  const top = () => {
    const below = props.y + cardGap;
    return below + cardHeight <= props.height ? below : Math.max(4, props.y - cardGap - cardHeight);
  };
  /** The card goes away: the focus returns to the line it was about. */
  const decide = async (act: () => Promise<string | undefined> | void) => {
    const { id } = props.moving.line;
    focusLine((await act()) ?? id);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    void decide(props.moves.cancel);
  };
  return (
    <div
      class="move-card"
      role="group"
      aria-label={t.label}
      data-testid="move-card"
      style={{ transform: `translateY(${Math.round(top())}px)` }}
      onKeyDown={onKeyDown}
    >
      <p class="flex items-baseline justify-between gap-4">
        <span class="font-semibold">{t.title(props.moving.line.label, formatPrice(props.moving.price, places()))}</span>
        <Show when={mark()}>
          {(price) => (
            <span class="text-ink-3">{t.fromMark(formatShare(props.moving.price - price(), price(), 2, true))}</span>
          )}
        </Show>
      </p>
      <p class="flex min-h-[1.35em] items-baseline justify-between gap-4" data-testid="move-result">
        <Show when={net()} fallback={<span />}>
          {(result) => (
            <>
              <span class="text-ink-3" title={texts.ticket.exitPnlHint}>
                {texts.ticket.exitPnl}
              </span>
              <Signed value={result()} text={`${exitNetText(result())} USDC`} arrow />
            </>
          )}
        </Show>
      </p>
      <WorstExit
        worst={meaning()?.worst}
        slippageBps={props.moving.slippageBps}
        class="text-right"
        testId="move-worst"
      />
      <Show when={meaning()?.note}>
        {(note) => (
          <p class="text-warn" role="alert">
            {note() === 'atOnce' ? t.atOnce : t.wrongSide(formatPrice(meaning()?.measuredFrom ?? 0n, places()))}
          </p>
        )}
      </Show>
      <Show when={props.moving.stage !== 'dragging'}>
        <div class="flex justify-end gap-1.5">
          <button type="button" class="button button-small" onClick={() => void decide(props.moves.cancel)}>
            {texts.common.cancel}
          </button>
          <button
            type="button"
            class="button button-small button-accent"
            data-testid="apply-move"
            disabled={refused() || props.moving.stage === 'sending'}
            onClick={() => void decide(props.moves.apply)}
          >
            {props.moving.stage === 'sending' ? t.applying : t.apply}
          </button>
        </div>
      </Show>
    </div>
  );
}
