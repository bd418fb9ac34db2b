import { marketOf, type MarketSymbol } from '#shared/markets.ts';
import type { PublicTradeDto } from '#shared/protocol/market.ts';
import { For, Show, createEffect, createMemo, createSignal, onCleanup, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { formatCompactQuote, formatDateTime, formatPrice, formatSize } from '../../domain/format.ts';
import { worth } from '../../domain/market-list.ts';
import { joinTrades } from '../../domain/trades.ts';
import { texts } from '../../i18n/index.ts';
import { depthTexts } from '../../i18n/depth.ts';
import { Notice, PanelState, SkeletonRows } from '../../ui/panel-state.tsx';

/** Every execution of the market, newest first, without its owner. */
export function TradesTape(props: { readonly symbol: MarketSymbol }): JSX.Element {
  const desk = useDesk();
  const market = createMemo(() => marketOf(props.symbol));
  const [trades, setTrades] = createSignal<readonly PublicTradeDto[] | undefined>();
  const t = depthTexts.trades;
  createEffect(() => {
    const { symbol } = props;
    setTrades(undefined);
    const stop = desk.live.watchTrades(symbol, (heard, complete) =>
      setTrades((known) => joinTrades(complete ? [] : (known ?? []), heard)),
    );
    onCleanup(stop);
  });
  const status = () => {
    const known = trades();
    if (known === undefined) return desk.live.markets[props.symbol].state === 'offline' ? 'error' : 'loading';
    return known.length === 0 ? 'empty' : 'data';
  };
  return (
    <div class="absolute inset-0 overflow-auto" data-testid="trades" role="region" aria-label={t.title} tabIndex={0}>
      <PanelState
        status={status()}
        skeleton={<SkeletonRows rows={6} />}
        empty={<Notice title={t.empty} text={t.emptyText} />}
        errorText={t.failedText}
        onRetry={desk.live.hurry}
      >
        <table class="grid-table tape">
          <caption class="visually-hidden">{t.title}</caption>
          <thead>
            <tr>
              <For each={[t.side, t.price, t.size(market().base), t.worth, t.time]}>
                {(label) => <th scope="col">{label}</th>}
              </For>
            </tr>
          </thead>
          <tbody>
            <For each={trades()}>{(trade) => <Row trade={trade} />}</For>
          </tbody>
        </table>
      </PanelState>
    </div>
  );
}

function Row(props: { readonly trade: PublicTradeDto }): JSX.Element {
  const market = () => marketOf(props.trade.symbol);
  const tone = () => (props.trade.side === 'buy' ? 'text-up' : 'text-down');
  return (
    <tr data-testid="trade">
      <td class={tone()}>
        {props.trade.side === 'buy' ? texts.common.buy : texts.common.sell}
        <Show when={props.trade.liquidation}>
          <span class="tag ml-2" data-tone="warn">
            {depthTexts.trades.liquidation}
          </span>
        </Show>
      </td>
      <td class={tone()}>{formatPrice(props.trade.price, market().priceDecimals)}</td>
      <td>{formatSize(props.trade.quantity, market().sizeDecimals)}</td>
      <td>{formatCompactQuote(worth(props.trade.quantity, props.trade.price) ?? 0n)}</td>
      <th scope="row" class="text-ink-2">
        {formatDateTime(new Date(props.trade.publish_time * 1_000))}
      </th>
    </tr>
  );
}
