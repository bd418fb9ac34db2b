import { marketOf, type MarketSymbol } from '#shared/markets.ts';
import type { MarketDto } from '#shared/protocol/market.ts';
import { For, Show, type JSX } from 'solid-js';

import { formatCompactQuote, formatShare, formatSizeSum, unknownFigure } from '../../domain/format.ts';
import type { DepthState, Room, Rooms } from '../../domain/market-depth.ts';
import { longShare, worth } from '../../domain/market-list.ts';
import { depthTexts } from '../../i18n/depth.ts';
import { SideBar } from '../../ui/side-bar.tsx';

const sides = ['long', 'short'] as const;

/** Who holds what, and what each side may still open before which limit. */
export function SidesPanel(props: {
  readonly symbol: MarketSymbol;
  readonly market: MarketDto;
  readonly state: DepthState;
  readonly rooms: Rooms;
}): JSX.Element {
  const t = depthTexts.depth;
  const definition = () => marketOf(props.symbol);
  const size = (value: bigint) => `${formatSizeSum(value, definition().sizeDecimals)} ${definition().base}`;
  const config = () => props.state.market.config;
  const held = (side: 'long' | 'short') => props.state.market[side].size;
  const skew = () => held('long') - held('short');
  const skewMax = () => (config().skewScale * config().maxSkewBps) / 10_000n;
  return (
    <section class="depth-sides" aria-label={t.openInterest}>
      <h3>{t.openInterest}</h3>
      <SideBar longPercent={longShare(held('long'), held('short'))} />
      <div class="grid grid-cols-2 gap-4">
        <For each={sides}>
          {(side) => <Side side={side} state={props.state} room={props.rooms[side]} size={size} />}
        </For>
      </div>
      <dl class="facts">
        <div>
          <dt>{t.skew}</dt>
          <dd>
            <span classList={{ 'text-up': skew() > 0n, 'text-down': skew() < 0n }}>
              {`${skew() > 0n ? '+' : ''}${size(skew())}`}
            </span>{' '}
            <Show when={skewMax() > 0n}>
              <span class="text-ink-3">{t.skewLimit(size(skewMax()))}</span>
            </Show>
          </dd>
        </div>
        <div>
          <dt>{t.utilisation}</dt>
          <dd>
            {props.market.utilisation_bps === null
              ? unknownFigure
              : formatShare(BigInt(props.market.utilisation_bps), 10_000n, 1)}{' '}
            <span class="text-ink-3">{t.utilisationOf(formatShare(config().maxUtilisationBps, 10_000n, 0))}</span>
          </dd>
        </div>
      </dl>
    </section>
  );
}

function Side(props: {
  readonly side: 'long' | 'short';
  readonly state: DepthState;
  readonly room: Room;
  readonly size: (value: bigint) => string;
}): JSX.Element {
  const t = depthTexts.depth;
  const held = () => props.state.market[props.side].size;
  const limit = () => props.room.limit;
  return (
    <dl class="side-facts" data-side={props.side}>
      <dt>{props.side === 'long' ? t.longs : t.shorts}</dt>
      <dd>{props.size(held())}</dd>
      <dd class="text-ink-3">{formatCompactQuote(worth(held(), props.state.oracle.price) ?? 0n)} USDC</dd>
      <dt>{t.room}</dt>
      <dd data-testid={`room-${props.side}`}>{props.size(props.room.size)}</dd>
      <dd class="text-ink-3">{formatCompactQuote(props.room.notional)} USDC</dd>
      <Show when={limit()}>{(bound) => <dd class="text-1 text-ink-3">{t.limits[bound()]}</dd>}</Show>
    </dl>
  );
}
