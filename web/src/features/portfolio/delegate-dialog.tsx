import { formatDecimal } from '#shared/money/decimal.ts';
import { QUOTE_DECIMALS, quote, type Quote } from '#shared/money/units.ts';
import { createSignal, untrack, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { cleanDecimalInput, readDecimalInput } from '../../domain/decimal-input.ts';
import { formatDateTime } from '../../domain/format.ts';
import { delegationDays, delegationEnd, type DelegationDays } from '../../domain/portfolio/delegation.ts';
import { texts } from '../../i18n/pages.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { AmountField } from '../ticket/amount-field.tsx';
import { useAttempt, useSigned } from './use-action.ts';

const t = texts.portfolio.delegate;
const dayOptions = delegationDays.map((days) => ({ value: String(days), label: t.day(days) }));
const daysDefault: DelegationDays = 30;
/** Notional that may be opened in 24 hours unless another limit is entered, USDC. */
const capDefault = '100000';

const daysOf = (text: string): DelegationDays =>
  delegationDays.find((candidate) => String(candidate) === text) ?? daysDefault;

/** For how long and how much the exchange may trade in the account. The wallet signs what is shown before it. */
export function DelegateDialog(props: {
  /** The limit that stands; kept unless another is entered. */
  readonly cap: Quote | null;
  readonly onClose: () => void;
  readonly onGiven: () => void;
}): JSX.Element {
  const desk = useDesk();
  const [days, setDays] = createSignal<DelegationDays>(daysDefault);
  const standing = untrack(() => props.cap);
  const [cap, setCap] = createSignal(standing === null ? capDefault : formatDecimal(standing, QUOTE_DECIMALS));
  const { busy, error, attempt } = useAttempt();
  const sign = useSigned();
  const amount = () => readDecimalInput(cap(), QUOTE_DECIMALS);
  const problem = () => ((amount() ?? 0n) === 0n ? t.capMissing : undefined);
  const give = () => {
    const { onClose, onGiven } = props;
    const until = delegationEnd(days(), desk.live.exchangeNowMs());
    const params = { expires_at: until, turnover_cap: quote(amount() ?? 0n) };
    return attempt(async () => {
      if (!(await sign({ action: 'set_delegate', params }, t.dialogTitle))) return;
      desk.notices.show({ tone: 'neutral', title: t.title, text: t.given(formatDateTime(new Date(until))) });
      onGiven();
      onClose();
    });
  };
  return (
    <Dialog
      open={desk.signing.pending() === undefined}
      onClose={props.onClose}
      title={t.dialogTitle}
      description={t.dialogText}
    >
      <form
        class="grid grid-cols-[minmax(0,1fr)] gap-3 pt-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (problem() === undefined) void give();
        }}
      >
        <div class="grid gap-1">
          <span class="text-ink-3" aria-hidden="true">
            {t.days}
          </span>
          <Segmented
            label={t.days}
            options={dayOptions}
            value={String(days())}
            onChange={(chosen) => setDays(daysOf(chosen))}
          />
        </div>
        <AmountField
          label={t.capField}
          value={cap()}
          onInput={(typed) => setCap((kept) => cleanDecimalInput(typed, QUOTE_DECIMALS) ?? kept)}
          unit="USDC"
          testId="delegate-cap"
        />
        <p role="alert" class="text-down empty:hidden">
          {error()}
        </p>
        <button type="submit" class="button button-accent" disabled={busy() || problem() !== undefined}>
          {problem() ?? t.confirm}
        </button>
      </form>
    </Dialog>
  );
}
