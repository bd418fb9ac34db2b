import { marketOf, type MarketSymbol } from '#shared/markets.ts';
import { BPS_SCALE } from '#shared/money/units.ts';
import { useQuery } from '@tanstack/solid-query';
import { Show, createMemo, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { formatPrice, formatQuote, formatShare } from '../../domain/format.ts';
import { moveOf } from '../../domain/line-move.ts';
import { texts } from '../../i18n/index.ts';
import { Signed } from '../../ui/signed.tsx';
import { focusLine } from './focus-line.ts';
import type { LineMoves, Moving } from './use-line-moves.ts';

/** Room the card takes above or below its line, pixels. */
const cardHeight = 114;
const cardGap = 14;

const usdcOf = (result: bigint): string => formatQuote(result, { plus: true });

/** Beside a line that was moved: what it means there, and whether it should stay. */
export function MoveCard(props: {
  readonly symbol: MarketSymbol;
  readonly moving: Moving;
  readonly moves: LineMoves;
  readonly y: number;
  readonly height: number;
}): JSX.Element {
  const desk = useDesk();
  const markets = useQuery(() => desk.queries.markets());
  const t = texts.chart.move;
  const places = () => marketOf(props.symbol).priceDecimals;
  const live = () => desk.live.markets[props.symbol];
  const mark = () => live().price?.price;
  const meaning = createMemo(() => {
    const market = markets.data?.find(({ symbol }) => symbol === props.symbol);
    if (market === undefined) return undefined;
    const context = {
      market,
      live: live().price,
      stats: live().stats,
      position: desk.own.account.positions?.find(({ symbol }) => symbol === props.symbol),
      available: desk.own.account.balance?.available_balance,
      stage: desk.stage(),
    };
    return moveOf(props.moving.line, props.moving.price, context, props.moving.slippageBps);
  });
  const net = () => meaning()?.result?.net;
  const worst = () => {
    const result = meaning()?.worst;
    if (result === null || result === undefined) return undefined;
    return texts.ticket.exitWorst(usdcOf(result.net), formatShare(props.moving.slippageBps, BPS_SCALE, 2));
  };
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
              <Signed value={result()} text={`${usdcOf(result())} USDC`} arrow />
            </>
          )}
        </Show>
      </p>
      <Show when={worst()}>
        {(text) => (
          <p class="text-right text-1 text-ink-3" title={texts.ticket.exitWorstHint} data-testid="move-worst">
            {text()}
          </p>
        )}
      </Show>
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
