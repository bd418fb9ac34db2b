import { formatDecimal } from '#shared/money/decimal.ts';
import { BPS_SCALE, PRICE_DECIMALS, SIZE_DECIMALS, price as toPrice, size as toSize } from '#shared/money/units.ts';
import { marketOf } from '#shared/markets.ts';
import type { PositionDto } from '#shared/protocol/positions.ts';
import { For, Show, createMemo, createSignal, createUniqueId, untrack, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { cleanDecimalInput, readDecimalInput } from '../../domain/decimal-input.ts';
import { exitPriceOf } from '../../domain/exit-result.ts';
import {
  exitPrice,
  exitReach,
  exitsByPosition,
  kindNames,
  noExits,
  viewExit,
  type ExitKind,
} from '../../domain/exits.ts';
import { formatPrice, formatShare, formatSize, unknownFigure } from '../../domain/format.ts';
import { texts } from '../../i18n/index.ts';
import { tableTexts } from '../../i18n/tables.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Signed } from '../../ui/signed.tsx';
import { AmountField } from '../ticket/amount-field.tsx';
import { CompactField } from '../ticket/compact-field.tsx';
import { WorstExit, exitNetText } from '../ticket/exit-worst.tsx';
import { useMarketContext } from '../ticket/market-context.ts';
import { habitualSlippageBps } from '../ticket/ticket-memory.ts';

const kinds = ['take_profit', 'stop_loss'] as const;
/** Returns on the margin that one press fills in, percent. */
const presets: Record<ExitKind, readonly bigint[]> = {
  take_profit: [25n, 50n, 100n, 200n],
  stop_loss: [-10n, -25n, -50n, -75n],
};
const bpsPerPercent = 100n;
/** Slippage as typed: percent with two decimals are basis points. */
const percentDecimals = 2;
const slippageBpsMax = 1_000n;
const t = tableTexts.exits;

const fieldText = (value: bigint | null, decimals: number): string =>
  value === null ? '' : formatDecimal(value, decimals);

/** Prices and size as entered, and what they come to. */
function useExits(position: () => PositionDto) {
  const desk = useDesk();
  const around = useMarketContext(() => position().symbol, position);
  const held = untrack(() => exitsByPosition(desk.own.account.orders ?? []).get(position().id) ?? noExits);
  const before = { take_profit: exitPrice(held.takeProfit), stop_loss: exitPrice(held.stopLoss) };
  const exit = held.takeProfit ?? held.stopLoss;
  // What it was given may be more than is left.
  const sizeBefore = untrack(() => (exit && exitReach(exit, position())?.size) ?? position().size);
  const [prices, setPrices] = createSignal<Record<ExitKind, string>>({
    take_profit: fieldText(before.take_profit, PRICE_DECIMALS),
    stop_loss: fieldText(before.stop_loss, PRICE_DECIMALS),
  });
  const [sizeText, setSizeText] = createSignal(fieldText(sizeBefore, SIZE_DECIMALS));
  const size = () => readDecimalInput(sizeText(), SIZE_DECIMALS) ?? 0n;
  const priceOf = (kind: ExitKind) => readDecimalInput(prices()[kind], PRICE_DECIMALS);
  const slippageBefore = held.stopLoss === undefined ? undefined : BigInt(held.stopLoss.max_slippage_bps);
  const [slippageText, setSlippageText] = createSignal(
    formatDecimal(slippageBefore ?? habitualSlippageBps(), percentDecimals),
  );
  const slippageBps = () => readDecimalInput(slippageText(), percentDecimals);
  const isSlippageBad = () => (slippageBps() ?? slippageBpsMax + 1n) > slippageBpsMax;
  const views = createMemo(() => {
    const known = around();
    const viewOf = (kind: ExitKind) => {
      const [at, part] = [priceOf(kind), size()];
      if (known === undefined || at === null || at === 0n || part === 0n || part > position().size) return undefined;
      return viewExit(known, kind, toPrice(at), toSize(part), slippageBps() ?? 0n) ?? undefined;
    };
    return { take_profit: viewOf('take_profit'), stop_loss: viewOf('stop_loss') };
  });
  const isUnchanged = () =>
    kinds.every((kind) => (priceOf(kind) ?? null) === before[kind]) &&
    (slippageBps() === slippageBefore || priceOf('stop_loss') === null) &&
    (size() === sizeBefore || kinds.every((kind) => priceOf(kind) === null));
  const problem = () => {
    if (size() > position().size) return t.tooMuch;
    const wrong = kinds.find((kind) => views()[kind]?.issue === 'wrongSide');
    if (wrong !== undefined) {
      const isAbove = (position().side === 'long') === (wrong === 'take_profit');
      return t.wrongSide(t[wrong], isAbove ? t.above : t.below);
    }
    if (priceOf('stop_loss') !== null && isSlippageBad()) return t.slippageBad;
    if (size() === 0n) return tableTexts.orderRow.invalid;
    return isUnchanged() ? t.unchanged : undefined;
  };
  return {
    ...{ around, prices, setPrices, sizeText, setSizeText, size, priceOf, views, problem },
    ...{ slippageText, setSlippageText, slippageBps, isSlippageBad },
  };
}

type ExitsForm = ReturnType<typeof useExits>;

/** Sets, moves or removes take-profit and stop-loss: by keyboard what dragging their lines in the chart does, and for a part of the position too. */
export function ExitsDialog(props: { readonly position: PositionDto; readonly onClose: () => void }): JSX.Element {
  const desk = useDesk();
  const noteId = createUniqueId();
  const form = useExits(() => props.position);
  const market = () => marketOf(props.position.symbol);
  const price = (value: bigint | undefined) =>
    value === undefined ? unknownFigure : formatPrice(value, market().priceDecimals);
  const description = () =>
    t.text(
      `${texts.common[props.position.side]} ${formatSize(props.position.size, market().sizeDecimals)} ${market().base}`,
      price(props.position.entry_price),
      price(form.around()?.live?.price),
    );
  const send = async () => {
    if (form.problem() !== undefined) return;
    const { id, size } = props.position;
    const wish = (kind: ExitKind) => {
      const at = form.priceOf(kind);
      return at === null || at === 0n ? null : toPrice(at);
    };
    const exits = {
      take_profit: wish('take_profit'),
      stop_loss: wish('stop_loss'),
      ...(form.size() === size ? {} : { quantity: toSize(form.size()) }),
      ...(form.priceOf('stop_loss') === null ? {} : { max_slippage_bps: Number(form.slippageBps() ?? 0n) }),
    };
    props.onClose();
    await desk.commands.run({
      subject: id,
      failed: t.failed,
      send: (key) => desk.client.positions.setExits(id, exits, key),
    });
  };
  return (
    <Dialog open onClose={props.onClose} title={t.title(props.position.symbol)} description={description()}>
      <form
        class="grid gap-3 pt-2"
        data-testid="exits-dialog"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <For each={kinds}>
          {(kind) => <ExitField kind={kind} form={form} position={props.position} noteId={noteId} />}
        </For>
        <AmountField
          label={t.size}
          value={form.sizeText()}
          onInput={(typed) => form.setSizeText((kept) => cleanDecimalInput(typed, SIZE_DECIMALS) ?? kept)}
          unit={market().base}
          invalid={form.size() > props.position.size}
          testId="exits-size"
          action={
            <button
              type="button"
              class="button button-quiet button-small mr-1 text-accent"
              onClick={() => form.setSizeText(formatDecimal(props.position.size, SIZE_DECIMALS))}
            >
              {tableTexts.close.max}
            </button>
          }
        />
        <p id={noteId} class="text-ink-3">
          {t.sizeHint}
        </p>
        <div class="flex items-center justify-between gap-2">
          <span class="text-ink-3" aria-hidden="true" title={texts.ticket.exitWorstHint}>
            {t.slippage}
          </span>
          <CompactField
            name={t.slippage}
            value={form.slippageText()}
            onInput={(typed) => form.setSlippageText((kept) => cleanDecimalInput(typed, percentDecimals) ?? kept)}
            unit="%"
            invalid={form.priceOf('stop_loss') !== null && form.isSlippageBad()}
            testId="exits-slippage"
          />
        </div>
        <button
          type="submit"
          class="button button-accent"
          disabled={form.problem() !== undefined}
          data-testid="exits-submit"
        >
          {form.problem() ?? t.submit}
        </button>
      </form>
    </Dialog>
  );
}

function ExitField(props: {
  readonly kind: ExitKind;
  readonly form: ExitsForm;
  readonly position: PositionDto;
  readonly noteId: string;
}): JSX.Element {
  const set = (text: string) => {
    const { kind, form } = props;
    form.setPrices((kept) => ({ ...kept, [kind]: text }));
  };
  const view = () => props.form.views()[props.kind];
  const fill = (percent: bigint) => {
    const context = props.form.around();
    if (context === undefined) return;
    const basis = { context, size: toSize(props.form.size() === 0n ? props.position.size : props.form.size()) };
    const share = (percent < 0n ? -percent : percent) * bpsPerPercent;
    const at = exitPriceOf(basis, kindNames[props.kind], share, marketOf(props.position.symbol).priceDecimals);
    set(at === null ? '' : formatDecimal(at, PRICE_DECIMALS));
  };
  const outcome = () => {
    const result = view()?.result;
    if (result === undefined) return undefined;
    const { marginShareBps: share } = result;
    return t.outcome(exitNetText(result.net), share === null ? unknownFigure : formatShare(share, BPS_SCALE, 1, true));
  };
  const distance = () => {
    const mark = props.form.around()?.live?.price;
    const far = view()?.distance;
    return mark === undefined || far === undefined ? '' : t.distance(formatShare(far, mark, 2));
  };
  return (
    <div class="grid gap-1.5">
      <AmountField
        label={t[props.kind]}
        value={props.form.prices()[props.kind]}
        onInput={(typed) => {
          const kept = cleanDecimalInput(typed, PRICE_DECIMALS);
          if (kept !== undefined) set(kept);
        }}
        unit={t.unit}
        invalid={view()?.issue === 'wrongSide'}
        describedBy={props.noteId}
        testId={props.kind === 'take_profit' ? 'exit-take-profit' : 'exit-stop-loss'}
      />
      <div class="grid grid-cols-5 gap-1.5" role="group" aria-label={t.presets(t[props.kind])}>
        <button type="button" class="button button-small text-ink-2" onClick={() => set('')}>
          {t.clear}
        </button>
        <For each={presets[props.kind]}>
          {(percent) => (
            <button type="button" class="button button-small text-ink-2" onClick={() => fill(percent)}>
              {t.preset(`${percent > 0n ? '+' : '−'}${percent > 0n ? percent : -percent}`)}
            </button>
          )}
        </For>
      </div>
      <p class="flex min-h-[1.4em] justify-between gap-2 text-ink-3">
        <Show when={outcome()} fallback={t.noneSet}>
          {(text) => (
            <>
              <span title={texts.ticket.exitPnlHint}>
                {texts.ticket.exitPnl} <Signed value={view()?.result.net} text={text()} />
              </span>
              <span>{distance()}</span>
            </>
          )}
        </Show>
      </p>
      <WorstExit worst={view()?.worst} slippageBps={props.form.slippageBps()} testId="exit-worst" />
      <Show when={view()?.issue === 'beyondLiquidation'}>
        <p class="text-warn" role="status">
          {t.beyondLiquidation}
        </p>
      </Show>
    </div>
  );
}
