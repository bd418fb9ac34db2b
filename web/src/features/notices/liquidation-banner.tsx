import { marketOf } from '#shared/markets.ts';
import { For, Show, createEffect, createMemo, createSignal, on, type JSX } from 'solid-js';

import { formatPrice, formatShare, unknownFigure } from '../../domain/format.ts';
import type { LiquidationWarning } from '../../domain/liquidation-warning.ts';
import { texts } from '../../i18n/index.ts';
import { WarnIcon } from '../../ui/icons.tsx';
import { openAccountDialog } from '../account/dialogs.ts';
import { acknowledgeWarning, liquidationWarnings } from './liquidation-warnings.ts';

/** More would push the desk away; the rest is counted. */
const shownMax = 3;
const t = texts.liquidationWarning;

/** Every position about to be liquidated, in the way until it recovers or the trader has said that it was seen. */
export function LiquidationBanner(): JSX.Element {
  /** Nearest first. */
  const open = createMemo(() =>
    liquidationWarnings()
      .filter(({ acknowledged }) => !acknowledged)
      .toSorted((a, b) => Number(b.level === 'liquidatable') - Number(a.level === 'liquidatable')),
  );
  const ids = createMemo(() => open().map(({ view }) => view.position.id), [], {
    equals: (a, b) => a.join() === b.join(),
  });
  const byId = (id: string) => open().find(({ view }) => view.position.id === id);
  return (
    <div class="liquidation-banner empty:hidden">
      <Announcement warnings={open()} />
      <For each={ids().slice(0, shownMax)}>
        {(id) => <Show when={byId(id)}>{(warning) => <WarningRow warning={warning()} />}</Show>}
      </For>
      <Show when={ids().length > shownMax}>
        <p class="px-3 py-1 text-down">{t.more(ids().length - shownMax)}</p>
      </Show>
    </div>
  );
}

/** Said once per warning and level, without figures that tick. */
function Announcement(props: { readonly warnings: readonly LiquidationWarning[] }): JSX.Element {
  const [text, setText] = createSignal('');
  const key = createMemo(() => props.warnings.map(({ view, level }) => `${view.position.id} ${level}`).join());
  createEffect(
    on(key, () => {
      const sentences = props.warnings.map(({ view, level }) =>
        t.said[level](view.position.side, view.position.symbol),
      );
      setText(sentences.join(' '));
    }),
  );
  return (
    <p role="alert" class="visually-hidden">
      {text()}
    </p>
  );
}

function WarningRow(props: { readonly warning: LiquidationWarning }): JSX.Element {
  const position = () => props.warning.view.position;
  const places = () => marketOf(position().symbol).priceDecimals;
  const name = () => `${position().symbol} ${texts.common[position().side]}`;
  const price = (value: bigint | null) => (value === null ? unknownFigure : formatPrice(value, places()));
  const distance = () => {
    const { liquidationDistance, mark } = props.warning.view;
    if (liquidationDistance === null || mark === null) return '';
    if (liquidationDistance < 0n) return t.past(formatShare(-liquidationDistance, mark, 2));
    return texts.liquidationWarning.distance(formatShare(liquidationDistance, mark, 2));
  };
  return (
    <section
      class="warning-row"
      data-level={props.warning.level}
      aria-label={t.label(name())}
      data-testid="liquidation-warning"
    >
      <WarnIcon />
      <p>
        <b class="font-semibold">{name()}</b> {t.texts[props.warning.level]}{' '}
        <span class="whitespace-nowrap">
          {t.figures(price(props.warning.view.mark), price(position().liquidation_price))}
        </span>
        <Show when={distance()}>{(text) => <span class="ml-1.5 whitespace-nowrap font-semibold">{text()}</span>}</Show>
      </p>
      <div class="flex gap-1.5">
        <button
          type="button"
          class="button button-small"
          aria-label={t.addMarginTo(name())}
          onClick={() => openAccountDialog({ kind: 'margin', positionId: position().id, toSafe: true })}
        >
          {t.addMargin}
        </button>
        <button
          type="button"
          class="button button-small"
          aria-label={t.closeOf(name())}
          onClick={() => openAccountDialog({ kind: 'close', positionId: position().id })}
        >
          {texts.common.close}
        </button>
        <button
          type="button"
          class="button button-small button-quiet"
          aria-label={t.seenOf(name())}
          onClick={() => acknowledgeWarning(position().id)}
        >
          {t.seen}
        </button>
      </div>
    </section>
  );
}
