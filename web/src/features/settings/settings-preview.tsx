import { MARKETS } from '#shared/markets.ts';
import { For, Show, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { formatPrice, formatShare, unknownFigure } from '../../domain/format.ts';
import { texts } from '../../i18n/pages.ts';
import { recordTexts } from '../../i18n/records.ts';
import { Signed } from '../../ui/signed.tsx';

const t = texts.settings.preview;

/** What the choices look like, on the live markets: nothing here can be pressed by mistake. */
export function SettingsPreview(): JSX.Element {
  return (
    <section class="panel settings-preview" aria-label={t.title} data-testid="settings-preview">
      <h2 class="panel-title">{t.title}</h2>
      <table class="grid-table">
        <thead>
          <tr>
            <th scope="col">{recordTexts.positions.market}</th>
            <th scope="col">{texts.header.oraclePrice}</th>
            <th scope="col">{texts.header.change24h}</th>
          </tr>
        </thead>
        <tbody>
          <For each={MARKETS}>{(market) => <PreviewRow market={market} />}</For>
        </tbody>
      </table>
      <div class="grid grid-cols-2 gap-2 px-3 pt-3" aria-hidden="true">
        <span class="button preview-up">{texts.ticket.buyLong}</span>
        <span class="button preview-down">{texts.ticket.sellShort}</span>
      </div>
      <p class="flex flex-wrap items-center gap-2 p-3">
        <span class="text-up">▲ +12.40</span>
        <span class="text-down">▼ −12.40</span>
        <span class="tag" data-tone="up">
          {texts.common.long}
        </span>
        <span class="tag" data-tone="down">
          {texts.common.short}
        </span>
        <span class="tag" data-tone="warn">
          {t.warning}
        </span>
        <span class="tag" data-tone="accent">
          {t.chosen}
        </span>
      </p>
    </section>
  );
}

function PreviewRow(props: { readonly market: (typeof MARKETS)[number] }): JSX.Element {
  const desk = useDesk();
  const live = () => desk.live.markets[props.market.symbol];
  const price = () => live().price?.price;
  const open = () => live().stats?.open_24h ?? undefined;
  const change = () => {
    const [now, start] = [price(), open()];
    return now === undefined || start === undefined ? null : now - start;
  };
  return (
    <tr>
      <th scope="row" class="font-semibold">
        {props.market.symbol}
      </th>
      <td data-label={texts.header.oraclePrice}>
        {/* An element of its own: the text that stood there, grown to the left, would have moved. */}
        <Show when={price()} fallback={unknownFigure}>
          {(known) => <span>{formatPrice(known(), props.market.priceDecimals)}</span>}
        </Show>
      </td>
      <td data-label={texts.header.change24h}>
        <Signed value={change()} text={formatShare(change() ?? 0n, open() ?? 0n, 2, true)} arrow />
      </td>
    </tr>
  );
}
