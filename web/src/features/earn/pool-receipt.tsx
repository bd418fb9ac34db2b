import type { PoolDto, PoolHolderDto } from '#shared/protocol/portfolio.ts';
import { Show, type JSX } from 'solid-js';

import type { PoolAction, PoolPreview } from '../../domain/earn/pool-preview.ts';
import { formatQuote, formatShare, unknownFigure } from '../../domain/format.ts';
import { texts } from '../../i18n/pages.ts';
import { formatSharePrice } from './pool-figures.tsx';
import { formatShares } from './use-pool.ts';

const t = texts.earn.form;
const secondsPerMinute = 60;

/** A time in words: whole minutes as minutes. */
const duration = (seconds: number): string =>
  seconds >= secondsPerMinute && seconds % secondsPerMinute === 0
    ? t.minutes(seconds / secondsPerMinute)
    : t.seconds(seconds);

/** When a request executes; networks for tests have no delay. */
const windowText = ({ request_delay_seconds: delay, request_window_seconds: window }: PoolDto): string =>
  delay === 0 ? t.windowNext(duration(window)) : t.window(duration(delay), duration(window));

/** What a request would bring if it executed now, and when it will. */
export function PoolReceipt(props: {
  readonly action: PoolAction;
  readonly pool: PoolDto | undefined;
  readonly holder: PoolHolderDto | undefined;
  readonly preview: PoolPreview | null;
}): JSX.Element {
  const isDeposit = () => props.action === 'deposit';
  const receives = () => {
    if (props.preview === null) return unknownFigure;
    const { receives: amount } = props.preview;
    return isDeposit() ? t.shareCount(formatShares(amount)) : `${formatQuote(amount, { rounding: 'floor' })} USDC`;
  };
  const feeShare = () => formatShare(BigInt(props.pool?.redemption_fee_bps ?? 0), 10_000n);
  const fee = () =>
    props.preview === null
      ? feeShare()
      : t.feeValue(`${formatQuote(props.preview.fee, { rounding: 'ceil' })} USDC`, feeShare());
  const after = (of: (preview: PoolPreview) => string) => (props.preview === null ? unknownFigure : of(props.preview));
  return (
    <div class="grid gap-2">
      <h3 class="text-1 text-ink-3">{t.preview}</h3>
      <dl class="facts" data-testid="pool-preview">
        <div title={isDeposit() ? t.priceHintDeposit : t.priceHintWithdraw}>
          <dt>{t.price}</dt>
          <dd>{after(({ price }) => formatSharePrice(price))}</dd>
        </div>
        <div>
          <dt>{t.receives}</dt>
          <dd class="font-semibold" data-testid="pool-receives">
            {receives()}
          </dd>
        </div>
        <Show when={!isDeposit()}>
          <div>
            <dt>{t.fee}</dt>
            <dd>{fee()}</dd>
          </div>
        </Show>
        <div>
          <dt>{t.sharesAfter}</dt>
          <dd>
            {formatShares(props.holder?.shares ?? 0n)}
            <Show when={props.preview}>
              {(preview) => (
                <>
                  {' '}
                  <span aria-hidden="true">→</span>
                  <span class="visually-hidden">{t.arrow}</span> {formatShares(preview().sharesAfter)}
                </>
              )}
            </Show>
          </dd>
        </div>
        <div>
          <dt>{t.poolShare}</dt>
          <dd>{after(({ sharesAfter, supplyAfter }) => formatShare(sharesAfter, supplyAfter, 4))}</dd>
        </div>
      </dl>
      <p class="min-h-[2.7em] text-ink-2">
        <Show when={props.pool}>{(pool) => windowText(pool())}</Show>
      </p>
      <p class="text-ink-3">{isDeposit() ? t.windowHint : `${t.windowHint} ${t.cutHint}`}</p>
    </div>
  );
}
