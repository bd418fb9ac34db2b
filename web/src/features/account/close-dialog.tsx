import { formatDecimal } from '#shared/money/decimal.ts';
import { mulDivFloor } from '#shared/money/divide.ts';
import { PRICE_DECIMALS, SIZE_DECIMALS, size as toSize } from '#shared/money/units.ts';
import { marketOf } from '#shared/markets.ts';
import { closingTrade } from '#shared/perps/side.ts';
import type { PositionDto } from '#shared/protocol/positions.ts';
import { For, Show, createMemo, createSignal, createUniqueId, untrack, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { cleanDecimalInput, readDecimalInput } from '../../domain/decimal-input.ts';
import { formatSize } from '../../domain/format.ts';
import { marketHindrance } from '../../domain/market-exit.ts';
import { firstBlocking } from '../../domain/ticket/errors.ts';
import { roundDown } from '../../domain/ticket/estimate.ts';
import { initialTicket, type TicketState } from '../../domain/ticket/state.ts';
import { texts } from '../../i18n/index.ts';
import { tableTexts } from '../../i18n/tables.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { AmountField } from '../ticket/amount-field.tsx';
import { useMarketContext } from '../ticket/market-context.ts';
import { habitualSlippageText } from '../ticket/ticket-memory.ts';
import { accountDialog } from './dialogs.ts';
import { DraftIssues, DraftReceipt } from './draft-receipt.tsx';
import { useDraft } from './use-draft.ts';

const shares = [25n, 50n, 75n, 100n] as const;
const whole = 100n;

/** The size of a share: every digit of the whole, the market's digits of a part. */
const sizeOfShare = (position: PositionDto, percent: bigint): bigint =>
  percent === whole
    ? position.size
    : roundDown(toSize(mulDivFloor(position.size, percent, whole)), marketOf(position.symbol).sizeDecimals);

const sharePercentAsked = (): bigint => {
  const open = accountDialog();
  return open?.kind === 'close' && open.sharePercent !== undefined ? BigInt(open.sharePercent) : whole;
};

/** What is entered to close a position, and the order it makes. */
function useClosing(position: () => PositionDto) {
  const context = useMarketContext(() => position().symbol, position);
  const isHindered = () => {
    const around = context();
    return around !== undefined && marketHindrance('close', around) !== undefined;
  };
  const [type, setType] = createSignal<'market' | 'limit'>(untrack(isHindered) ? 'limit' : 'market');
  const [sizeText, setSizeText] = createSignal(
    untrack(() => formatDecimal(sizeOfShare(position(), sharePercentAsked()), SIZE_DECIMALS)),
  );
  const markText = () => {
    const mark = context()?.live?.price;
    if (mark === undefined) return '';
    const step = 10n ** BigInt(PRICE_DECIMALS - marketOf(position().symbol).priceDecimals);
    return formatDecimal(mark - (mark % step), PRICE_DECIMALS);
  };
  const [priceText, setPriceText] = createSignal(untrack(() => (type() === 'limit' ? markText() : '')));
  const state = createMemo((): TicketState => ({
    ...initialTicket,
    slippageText: habitualSlippageText(),
    side: closingTrade(position().side),
    orderType: type(),
    sizeText: sizeText(),
    sizeUnit: 'base',
    limitPriceText: priceText(),
    reduceOnly: true,
  }));
  const draft = useDraft(context, state);
  const size = () => readDecimalInput(sizeText(), SIZE_DECIMALS);
  return {
    type,
    setType: (next: 'market' | 'limit') => {
      setType(next);
      if (next === 'limit' && priceText() === '') setPriceText(markText());
    },
    sizeText,
    setSizeText,
    size,
    priceText,
    setPriceText,
    markText,
    draft,
    isTooMuch: () => (size() ?? 0n) > position().size,
  };
}

/** Closes a typed size of a position, at market or at a limit, with everything it changes in sight. */
export function CloseDialog(props: { readonly position: PositionDto; readonly onClose: () => void }): JSX.Element {
  const desk = useDesk();
  const t = tableTexts.close;
  const issuesId = createUniqueId();
  const closing = useClosing(() => props.position);
  const market = () => marketOf(props.position.symbol);
  const blocking = () => firstBlocking(closing.draft.issues());
  const sizeName = () => `${formatSize(closing.size() ?? 0n, market().sizeDecimals)} ${market().base}`;
  const label = () => {
    if (closing.isTooMuch()) return t.tooMuch;
    return blocking()?.title ?? (closing.type() === 'market' ? t.submitMarket(sizeName()) : t.submitLimit(sizeName()));
  };
  const isOff = () => closing.isTooMuch() || blocking() !== undefined || closing.draft.request() === null;
  const send = async () => {
    const order = closing.draft.request();
    if (order === null || isOff()) return;
    const { id } = props.position;
    props.onClose();
    await desk.commands.run({
      subject: id,
      failed: t.failed,
      send: (key) => desk.client.orders.place(order, key),
    });
  };
  return (
    <Dialog
      open
      onClose={props.onClose}
      title={t.title(texts.ticket.sides[props.position.side], props.position.symbol)}
    >
      <form
        class="grid gap-3 pt-2"
        data-testid="close-dialog"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <Segmented
          label={t.type}
          value={closing.type()}
          onChange={closing.setType}
          options={[
            { value: 'market', label: t.market },
            { value: 'limit', label: t.limit },
          ]}
        />
        <Show when={closing.type() === 'limit'}>
          <AmountField
            label={t.price}
            value={closing.priceText()}
            onInput={(typed) => closing.setPriceText((kept) => cleanDecimalInput(typed, PRICE_DECIMALS) ?? kept)}
            unit="USD"
            testId="close-price"
            action={
              <button
                type="button"
                class="button button-quiet button-small mr-1 text-accent"
                onClick={() => closing.setPriceText(closing.markText())}
              >
                {t.useMark}
              </button>
            }
          />
        </Show>
        <AmountField
          label={t.size}
          value={closing.sizeText()}
          onInput={(typed) => closing.setSizeText((kept) => cleanDecimalInput(typed, SIZE_DECIMALS) ?? kept)}
          unit={market().base}
          invalid={closing.isTooMuch()}
          describedBy={issuesId}
          testId="close-size"
        />
        <div class="grid grid-cols-4 gap-1.5" role="group" aria-label={t.shares}>
          <For each={shares}>
            {(percent) => (
              <button
                type="button"
                class="button button-small text-ink-2"
                classList={{ 'button-chosen': closing.size() === sizeOfShare(props.position, percent) }}
                onClick={() => closing.setSizeText(formatDecimal(sizeOfShare(props.position, percent), SIZE_DECIMALS))}
              >
                {texts.ticket.share(Number(percent))}
              </button>
            )}
          </For>
        </div>
        <DraftReceipt draft={closing.draft} position={props.position} />
        <DraftIssues draft={closing.draft} id={issuesId} />
        <button
          type="submit"
          class="button button-accent"
          disabled={isOff()}
          aria-describedby={issuesId}
          data-testid="close-submit"
        >
          {label()}
        </button>
      </form>
    </Dialog>
  );
}
