import { marketOf } from '#shared/markets.ts';
import type { LiquidationDto, ReceiptDto } from '#shared/protocol/fills.ts';
import { useQuery } from '@tanstack/solid-query';
import { Show, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { formatDateTime, formatPrice, formatQuote, formatSize, shortKey } from '../../domain/format.ts';
import { texts } from '../../i18n/index.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Signed } from '../../ui/signed.tsx';
import { SkeletonRows } from '../../ui/panel-state.tsx';

/** The record follows the chain by a moment: asked again until it is there. */
const recordIntervalMs = 1_000;

/** What was liquidated, at which price, and everything needed to recompute it. */
export function ReceiptDialog(): JSX.Element {
  const desk = useDesk();
  const signature = () => desk.receiptOf();
  const address = () => desk.session.address();
  const list = useQuery(() => ({
    ...desk.queries.liquidations(address() ?? ''),
    enabled: signature() !== undefined && address() !== undefined,
  }));
  const liquidation = () => list.data?.items.find((row) => row.transaction_hash === signature());
  const receipt = useQuery(() => ({ ...desk.queries.receipt(signature() ?? ''), enabled: signature() !== undefined }));
  useQuery(() => ({
    ...desk.queries.liquidations(address() ?? ''),
    enabled: signature() !== undefined && address() !== undefined && liquidation() === undefined,
    refetchInterval: recordIntervalMs,
  }));

  return (
    <Dialog
      open={signature() !== undefined}
      onClose={() => desk.showReceipt(undefined)}
      title={texts.receipt.title}
      wide
      {...(liquidation() === undefined
        ? {}
        : { description: texts.receipt.text(liquidation()?.side ?? '', liquidation()?.symbol ?? '') })}
    >
      <Show
        when={liquidation()}
        fallback={
          <div role="status">
            <p class="pt-2 text-ink-2">{texts.receipt.pending}</p>
            <SkeletonRows rows={6} />
          </div>
        }
      >
        {(row) => <ReceiptBody liquidation={row()} receipt={receipt.data} />}
      </Show>
    </Dialog>
  );
}

function ReceiptBody(props: {
  readonly liquidation: LiquidationDto;
  readonly receipt: ReceiptDto | undefined;
}): JSX.Element {
  const t = texts.receipt;
  const market = () => marketOf(props.liquidation.symbol);
  const event = () =>
    props.receipt?.events.find(
      (candidate) => candidate.price !== null && candidate.symbol === props.liquidation.symbol,
    );
  const seconds = (at: number | null | undefined) =>
    at === null || at === undefined ? '–' : formatDateTime(new Date(at * 1_000));
  return (
    <div class="grid gap-4 pt-2" data-testid="liquidation-receipt">
      <dl class="facts text-3">
        <Row
          label={t.quantity}
          value={`${formatSize(props.liquidation.quantity, market().sizeDecimals)} ${market().base}`}
        />
        <Row label={t.price} value={formatPrice(props.liquidation.price, market().priceDecimals)} />
        <div>
          <dt>{t.pnl}</dt>
          <dd>
            <Signed
              value={props.liquidation.realized_pnl}
              text={`${formatQuote(props.liquidation.realized_pnl, { plus: true })} USDC`}
              arrow
            />
          </dd>
        </div>
        <Row label={t.fee} value={`${formatQuote(props.liquidation.liquidation_fee)} USDC`} />
        <Row label={t.returned} value={`${formatQuote(props.liquidation.margin_released)} USDC`} />
        <Show when={props.liquidation.bad_debt > 0n}>
          <Row label={t.badDebt} value={`${formatQuote(props.liquidation.bad_debt)} USDC`} />
        </Show>
      </dl>
      <dl class="facts border-t border-line pt-4">
        <Row
          label={t.oracle}
          value={`${formatPrice(event()?.price ?? props.liquidation.price, market().priceDecimals)} ±${event()?.confidence === null || event() === undefined ? '–' : formatPrice(event()?.confidence ?? 0n, market().priceDecimals)}`}
        />
        <Row label={t.publishTime} value={seconds(props.liquidation.publish_time)} />
        <Row label={t.previousPublishTime} value={seconds(event()?.prev_publish_time)} />
        <Row
          label={t.feed}
          value={shortKey(event()?.feed_id ?? market().feedId, 6)}
          title={event()?.feed_id ?? market().feedId}
        />
        <Row label={t.slot} value={props.receipt === undefined ? '–' : String(props.receipt.slot)} />
        <Row
          label={t.transaction}
          value={shortKey(props.liquidation.transaction_hash, 8)}
          title={props.liquidation.transaction_hash}
        />
      </dl>
      <p class="text-ink-3">{t.check}</p>
    </div>
  );
}

function Row(props: { readonly label: string; readonly value: string; readonly title?: string }): JSX.Element {
  return (
    <div>
      <dt>{props.label}</dt>
      <dd title={props.title}>{props.value}</dd>
    </div>
  );
}
