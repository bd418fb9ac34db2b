import { marketOf } from '#shared/markets.ts';
import { BPS_SCALE } from '#shared/money/units.ts';
import type { PositionDto } from '#shared/protocol/positions.ts';
import { useQuery } from '@tanstack/solid-query';
import { For, Show, createMemo, createSignal, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { formatQuote, formatShare, formatSize } from '../../domain/format.ts';
import { marketHindrance } from '../../domain/market-exit.ts';
import { isCancellable } from '../../domain/orders.ts';
import { texts } from '../../i18n/index.ts';
import { tableTexts } from '../../i18n/tables.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Signed } from '../../ui/signed.tsx';
import { habitualSlippageBps } from '../ticket/ticket-memory.ts';
import { Agreement, Choice } from './agreement.tsx';
import { cancelOrders, closePositions } from './all-at-once.ts';
import { SideTag } from './side-tag.tsx';

/** Closes all positions, after a list of what goes has been agreed to. */
export function CloseAllDialog(props: { readonly onClose: () => void }): JSX.Element {
  const desk = useDesk();
  const t = tableTexts.closeAll;
  const [alsoCancels, setAlsoCancels] = createSignal(false);
  const markets = useQuery(() => desk.queries.markets());
  const slippage = () => formatShare(habitualSlippageBps(), BPS_SCALE, 2);
  const positions = () => desk.own.account.positions ?? [];
  const hindranceOf = (position: PositionDto) => {
    const market = markets.data?.find(({ symbol }) => symbol === position.symbol);
    const { price: live, silent } = desk.live.markets[position.symbol];
    return market === undefined ? undefined : marketHindrance('close', { market, live, silent });
  };
  const closable = createMemo(() => positions().filter((position) => hindranceOf(position) === undefined));
  const isPartial = () => closable().length < positions().length;
  const whyNone = () => {
    const [first] = positions();
    return closable().length > 0 || first === undefined ? undefined : hindranceOf(first)?.title;
  };
  const closeAll = () => {
    const listed = closable().map(({ id, symbol }) => ({ id, symbol }));
    const cancels = alsoCancels() && (desk.own.account.orders ?? []).some(isCancellable);
    props.onClose();
    if (cancels) cancelOrders(desk, undefined);
    closePositions(desk, listed);
  };
  return (
    <Dialog open onClose={props.onClose} title={t.title} description={t.text(slippage())} wide>
      <ul class="agreed-list" data-testid="close-all-list">
        <For each={positions()} fallback={<li class="text-ink-3">{t.none}</li>}>
          {(position) => {
            const view = desk.positionViews.of(position);
            const pnl = () => view().pnl;
            return (
              <li>
                <span class="font-semibold">{position.symbol}</span>
                <SideTag side={position.side} />
                <span class="ml-auto">
                  {formatSize(position.size, marketOf(position.symbol).sizeDecimals)} {marketOf(position.symbol).base}
                </span>
                <Show when={hindranceOf(position)}>
                  {(hindrance) => (
                    <span class="text-warn" title={hindrance().text}>
                      {`${hindrance().title}: ${t.left}`}
                    </span>
                  )}
                </Show>
                <span class="agreed-figure">
                  <Signed value={pnl()} text={formatQuote(pnl() ?? 0n, { plus: true })} arrow />
                </span>
              </li>
            );
          }}
        </For>
      </ul>
      <Show when={isPartial()}>
        <p class="mt-3 text-warn" role="status" data-testid="close-all-left">
          {t.leftText}
        </p>
      </Show>
      <Choice label={t.alsoCancel} checked={alsoCancels()} onChange={setAlsoCancels} />
      <Agreement
        back={texts.common.cancel}
        submit={whyNone() ?? t.submit(closable().length)}
        disabled={closable().length === 0}
        testId="close-all-submit"
        onClose={props.onClose}
        onSubmit={closeAll}
      />
    </Dialog>
  );
}
