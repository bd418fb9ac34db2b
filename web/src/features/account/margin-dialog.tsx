import { formatDecimal } from '#shared/money/decimal.ts';
import { divCeil, min } from '#shared/money/divide.ts';
import { BPS_SCALE, QUOTE_DECIMALS, quote, type Price } from '#shared/money/units.ts';
import { marketOf } from '#shared/markets.ts';
import type { PositionDto } from '#shared/protocol/positions.ts';
import { Show, createEffect, createMemo, createSignal, createUniqueId, untrack, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { cleanDecimalInput, readDecimalInput } from '../../domain/decimal-input.ts';
import { formatLeverage, formatPrice, formatQuote, formatShare } from '../../domain/format.ts';
import { safeRatioBps, viewMarginChange, type MarginFigures } from '../../domain/margin-change.ts';
import { isLiquidationNear } from '../../domain/ticket/issues-money.ts';
import { tableTexts } from '../../i18n/tables.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { AmountField } from '../ticket/amount-field.tsx';
import { useMarketContext } from '../ticket/market-context.ts';
import { ChangeRow } from './change-rows.tsx';

const ratioText = (ratioBps: bigint): string => formatShare(ratioBps, BPS_SCALE, 0);

/** To whole cents: a figure that is read at a glance, and a little above what the price of now asks for. */
const roundUp = (amount: bigint): bigint => divCeil(amount, cent) * cent;
const cent = 10_000n;

/** Adds margin to a position or removes some, with leverage and liquidation price before and after. */
export function MarginDialog(props: {
  readonly position: PositionDto;
  /** Starts with the amount that makes the position safe. */
  readonly toSafe: boolean;
  readonly onClose: () => void;
}): JSX.Element {
  const desk = useDesk();
  const t = tableTexts.margin;
  const noteId = createUniqueId();
  const context = useMarketContext(
    () => props.position.symbol,
    () => props.position,
  );
  const [mode, setMode] = createSignal<'add' | 'remove'>('add');
  const [text, setText] = createSignal('');
  const amount = () => readDecimalInput(text(), QUOTE_DECIMALS) ?? 0n;
  const change = () => (mode() === 'add' ? amount() : -amount());
  const view = createMemo(() => {
    const around = context();
    return around === undefined ? null : viewMarginChange(around, props.position, change());
  });
  /** What makes it safe, or as much of it as is free. */
  const suggested = () => {
    const [known, free] = [view(), context()?.available];
    return known === null || free === undefined || known.toSafe === 0n ? undefined : min(roundUp(known.toSafe), free);
  };
  const suggest = () => setText(formatDecimal(suggested() ?? 0n, QUOTE_DECIMALS));
  const isEnough = () => (suggested() ?? 0n) >= (view()?.toSafe ?? 0n);
  let isFilled = false;
  createEffect(() => {
    if (!props.toSafe || isFilled || suggested() === undefined) return;
    isFilled = true;
    untrack(suggest);
  });
  const most = () => (mode() === 'add' ? context()?.available : view()?.removableMax);
  const problem = () => {
    if (amount() === 0n) return t.enter;
    switch (view()?.refusal) {
      case null:
        return undefined;
      case 'InsufficientCollateral':
        return t.refusals.collateral;
      case 'MarginTooLow':
        return t.refusals.tooLow;
      default:
        return t.refusals.other;
    }
  };
  /** How little is left to the liquidation once the margin is gone; undefined while that is no warning. */
  const nearAfter = () => {
    const mark = context()?.live?.price;
    const at = view()?.after?.liquidationPrice ?? null;
    if (mode() === 'add' || at === null || mark === undefined || !isLiquidationNear(at, mark)) return undefined;
    return formatShare(at > mark ? at - mark : mark - at, mark, 2);
  };
  const submitLabel = () =>
    problem() ?? (mode() === 'add' ? t.submitAdd : t.submitRemove)(formatQuote(amount(), { rounding: 'trunc' }));
  const send = async () => {
    if (problem() !== undefined) return;
    const { id } = props.position;
    const asked = quote(change());
    props.onClose();
    await desk.commands.run({
      subject: id,
      failed: t.failed,
      send: (key) => desk.client.positions.changeMargin(id, asked, key),
    });
  };
  return (
    <Dialog
      open
      onClose={props.onClose}
      title={t.title(props.position.symbol)}
      description={mode() === 'add' ? t.text : t.removeText}
    >
      <form
        class="grid gap-3 pt-2"
        data-testid="margin-dialog"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <Segmented
          label={t.mode}
          value={mode()}
          onChange={setMode}
          options={[
            { value: 'add', label: t.add },
            { value: 'remove', label: t.remove },
          ]}
        />
        <AmountField
          label={t.amount}
          value={text()}
          onInput={(typed) => setText((kept) => cleanDecimalInput(typed, QUOTE_DECIMALS) ?? kept)}
          unit="USDC"
          invalid={amount() > 0n && problem() !== undefined}
          describedBy={noteId}
          testId="margin-amount"
          action={
            <button
              type="button"
              class="button button-quiet button-small mr-1 text-accent"
              onClick={() => setText(formatDecimal(most() ?? 0n, QUOTE_DECIMALS))}
              data-testid="margin-max"
            >
              {t.max}
            </button>
          }
        />
        <Show when={mode() === 'add' ? suggested() : undefined}>
          {(asked) => (
            <div class="grid gap-1">
              <button type="button" class="button justify-between gap-3" onClick={suggest} data-testid="margin-safe">
                <span>{t.toSafe(ratioText(safeRatioBps))}</span>
                <span>{formatQuote(asked(), { rounding: 'ceil' })} USDC</span>
              </button>
              <p class="text-1" classList={{ 'text-warn': !isEnough(), 'text-ink-3': isEnough() }}>
                {isEnough() ? t.safeHint : t.safeShort}
              </p>
            </div>
          )}
        </Show>
        <dl class="facts" id={noteId} aria-live="polite">
          <ChangeRow
            label={mode() === 'add' ? t.free : t.removable}
            after={most() === undefined ? undefined : `${formatQuote(most() ?? 0n, { rounding: 'floor' })} USDC`}
          />
        </dl>
        <MarginFacts
          position={props.position}
          before={view()?.before}
          after={view()?.after ?? undefined}
          mark={context()?.live?.price}
        />
        <Show when={nearAfter()}>
          {(distance) => (
            <p class="text-warn" role="status" data-testid="margin-near">
              {t.near(distance())}
            </p>
          )}
        </Show>
        <button
          type="submit"
          class="button button-accent"
          disabled={problem() !== undefined}
          data-testid="margin-submit"
        >
          {submitLabel()}
        </button>
      </form>
    </Dialog>
  );
}

function MarginFacts(props: {
  readonly position: PositionDto;
  readonly before: MarginFigures | undefined;
  readonly after: MarginFigures | undefined;
  readonly mark: Price | undefined;
}): JSX.Element {
  const t = tableTexts;
  const price = (figures: MarginFigures | undefined) => {
    if (figures === undefined) return undefined;
    const at = figures.liquidationPrice;
    return at === null ? t.preview.none : formatPrice(at, marketOf(props.position.symbol).priceDecimals);
  };
  const rows = () => {
    const [before, after] = [props.before, props.after ?? props.before];
    const usdc = (value: bigint | undefined, rounding: 'floor' | 'ceil') =>
      value === undefined ? undefined : formatQuote(value, { rounding });
    return {
      margin: [usdc(before?.margin, 'ceil'), usdc(after?.margin, 'ceil')],
      leverage: [before && formatLeverage(before.leverageE2), after && formatLeverage(after.leverageE2)],
      liquidation: [price(before), price(after)],
      free: [usdc(before?.free, 'floor'), usdc(after?.free, 'floor')],
    } as const;
  };
  const distance = () => {
    const at = (props.after ?? props.before)?.liquidationPrice;
    if (at === null || at === undefined || props.mark === undefined) return undefined;
    return t.margin.far(formatShare(at > props.mark ? at - props.mark : props.mark - at, props.mark, 2));
  };
  const ratio = (figures: MarginFigures | undefined) => figures && ratioText(figures.ratioBps);
  return (
    <dl class="facts border-t border-line pt-3" data-testid="margin-preview">
      <ChangeRow
        label={t.margin.ratio}
        before={ratio(props.before)}
        after={ratio(props.after ?? props.before)}
        testId="margin-ratio"
      />
      <ChangeRow label={t.preview.margin} before={rows().margin[0]} after={rows().margin[1]} />
      <ChangeRow
        label={t.preview.leverage}
        before={rows().leverage[0]}
        after={rows().leverage[1]}
        testId="margin-leverage"
      />
      <ChangeRow
        label={t.preview.liquidation}
        before={rows().liquidation[0]}
        after={rows().liquidation[1]}
        testId="margin-liquidation"
      />
      <ChangeRow label={t.margin.room} after={distance()} />
      <ChangeRow label={t.preview.free} before={rows().free[0]} after={rows().free[1]} />
    </dl>
  );
}
