import { formatDecimal } from '#shared/money/decimal.ts';
import { LEVERAGE_DECIMALS, SIZE_DECIMALS } from '#shared/money/units.ts';
import { marketOf } from '#shared/markets.ts';
import { closingTrade, oppositeSide } from '#shared/perps/side.ts';
import type { PositionDto } from '#shared/protocol/positions.ts';
import { createMemo, createSignal, createUniqueId, untrack, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { cleanDecimalInput } from '../../domain/decimal-input.ts';
import { formatSize } from '../../domain/format.ts';
import { firstBlocking } from '../../domain/ticket/errors.ts';
import { turningLeverageE2, viewPosition } from '../../domain/position-view.ts';
import { initialTicket, leverageTextDefault, type TicketState } from '../../domain/ticket/state.ts';
import { texts } from '../../i18n/index.ts';
import { tableTexts } from '../../i18n/tables.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { AmountField } from '../ticket/amount-field.tsx';
import { useMarketContext } from '../ticket/market-context.ts';
import { habitualSlippageText, rememberedHabits } from '../ticket/ticket-memory.ts';
import { DraftIssues, DraftReceipt } from './draft-receipt.tsx';
import { useDraft } from './use-draft.ts';

/** One order of twice the size: closes the position and opens as much on the other side. Asked for with everything it changes in sight. */
export function FlipDialog(props: { readonly position: PositionDto; readonly onClose: () => void }): JSX.Element {
  const desk = useDesk();
  const t = tableTexts.flip;
  const issuesId = createUniqueId();
  const context = useMarketContext(
    () => props.position.symbol,
    () => props.position,
  );
  const [typed, setTyped] = createSignal<string | undefined>();
  /** The leverage of when the window opened: it must not run on with the price while it is read. */
  const prefilled = createMemo<string | undefined>((kept) => {
    const around = context();
    if (kept !== undefined || around?.live === undefined || around.market.parameters === null) return kept;
    const { payoff_cap_bps: cap, max_leverage: most } = around.market.parameters;
    const view = untrack(() => viewPosition(props.position, around.live?.price, cap));
    const leverageE2 = turningLeverageE2(view, BigInt(most));
    return leverageE2 === null ? undefined : formatDecimal(leverageE2, LEVERAGE_DECIMALS);
  });
  const leverageText = () => typed() ?? prefilled() ?? rememberedHabits().leverageChosenText ?? leverageTextDefault;
  const state = createMemo((): TicketState => ({
    ...initialTicket,
    slippageText: habitualSlippageText(),
    side: closingTrade(props.position.side),
    orderType: 'market',
    sizeText: formatDecimal(2n * props.position.size, SIZE_DECIMALS),
    sizeUnit: 'base',
    leverageText: leverageText(),
  }));
  const draft = useDraft(context, state);
  const blocking = () => firstBlocking(draft.issues());
  const market = () => marketOf(props.position.symbol);
  const size = () => `${formatSize(props.position.size, market().sizeDecimals)} ${market().base}`;
  const flip = () => {
    const order = draft.request();
    if (order === null || blocking() !== undefined) return;
    void desk.commands.run({
      subject: props.position.id,
      failed: t.failed,
      send: (key) => desk.client.orders.place(order, key),
    });
    props.onClose();
  };
  return (
    <Dialog open onClose={props.onClose} title={t.title(props.position.symbol)} description={t.text}>
      <form
        class="grid gap-3 pt-2"
        data-testid="flip-dialog"
        onSubmit={(event) => {
          event.preventDefault();
          flip();
        }}
      >
        <AmountField
          label={texts.ticket.leverage}
          value={leverageText()}
          onInput={(text) => setTyped((kept) => cleanDecimalInput(text, LEVERAGE_DECIMALS) ?? kept ?? leverageText())}
          unit="×"
          invalid={blocking()?.field === 'leverage'}
          describedBy={issuesId}
          testId="flip-leverage"
        />
        <DraftReceipt draft={draft} position={props.position} />
        <DraftIssues draft={draft} id={issuesId} />
        <button
          type="submit"
          class="button"
          classList={{
            'button-up': props.position.side === 'short',
            'button-down': props.position.side === 'long',
          }}
          disabled={blocking() !== undefined || draft.request() === null}
          aria-describedby={issuesId}
          data-testid="flip-submit"
        >
          {blocking()?.title ?? t.submit(size(), texts.ticket.sides[oppositeSide(props.position.side)])}
        </button>
      </form>
    </Dialog>
  );
}
