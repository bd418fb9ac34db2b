import { marketOf } from '#shared/markets.ts';
import type { LiquidationDto, ReceiptDto } from '#shared/protocol/fills.ts';
import { useQuery } from '@tanstack/solid-query';
import { Show, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import {
  formatDateTime,
  formatPrice,
  formatQuote,
  formatShare,
  formatSize,
  shortKey,
  unknownFigure,
} from '../../domain/format.ts';
import { viewLiquidation, type LiquidationView } from '../../domain/liquidation-view.ts';
import { verifyLiquidation } from '../../domain/liquidation-verification.ts';
import { texts } from '../../i18n/index.ts';
import { recordTexts } from '../../i18n/records.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Signed } from '../../ui/signed.tsx';
import { SkeletonRows } from '../../ui/panel-state.tsx';
import { shownLiquidation } from './shown-liquidation.ts';
import { VerificationList } from './verification-list.tsx';

/** Digits of funding and borrow: cents would show nothing. */
const smallPlaces = 4;
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
  const liquidation = () =>
    shownLiquidation()?.transaction_hash === signature()
      ? shownLiquidation()
      : list.data?.items.find((row) => row.transaction_hash === signature());
  const receipt = useQuery(() => ({ ...desk.queries.receipt(signature() ?? ''), enabled: signature() !== undefined }));
  const view = () => {
    const row = liquidation();
    return row === undefined ? undefined : viewLiquidation(row, receipt.data);
  };
  const description = () => {
    const row = liquidation();
    if (row === undefined) return {};
    const { text, textPart, somePart } = recordTexts.receipt;
    if (row.full) return { description: text(row.side, row.symbol) };
    const before = view()?.sizeBefore;
    const share = before === undefined ? somePart : formatShare(row.quantity, before, 1);
    return { description: textPart(share, row.side, row.symbol) };
  };
  useQuery(() => ({
    ...desk.queries.liquidations(address() ?? ''),
    enabled: signature() !== undefined && address() !== undefined && liquidation() === undefined,
    refetchInterval: recordIntervalMs,
  }));

  return (
    <Dialog
      open={signature() !== undefined}
      onClose={() => desk.showReceipt(undefined)}
      title={liquidation()?.full === false ? recordTexts.receipt.titlePart : recordTexts.receipt.title}
      wide
      {...description()}
    >
      <Show
        when={liquidation()}
        fallback={
          <div role="status">
            <p class="pt-2 text-ink-2">{recordTexts.receipt.pending}</p>
            <SkeletonRows rows={6} />
          </div>
        }
      >
        {(row) => <ReceiptBody liquidation={row()} receipt={receipt.data} view={view()} />}
      </Show>
    </Dialog>
  );
}

function ReceiptBody(props: {
  readonly liquidation: LiquidationDto;
  readonly receipt: ReceiptDto | undefined;
  readonly view: LiquidationView | undefined;
}): JSX.Element {
  const t = recordTexts.receipt;
  const market = () => marketOf(props.liquidation.symbol);
  const event = () =>
    props.receipt?.events.find(
      (candidate) => candidate.price !== null && candidate.symbol === props.liquidation.symbol,
    );
  const size = (value: bigint) => formatSize(value, market().sizeDecimals);
  const usdc = (value: bigint | undefined) => (value === undefined ? unknownFigure : `${formatQuote(value)} USDC`);
  const small = (paid: bigint) => formatQuote(paid, { places: smallPlaces, rounding: 'ceil' });
  const taken = () =>
    props.view === undefined
      ? size(props.liquidation.quantity)
      : t.ofSize(size(props.liquidation.quantity), size(props.view.sizeBefore));
  const seconds = (at: number | null | undefined) =>
    at === null || at === undefined ? '–' : formatDateTime(new Date(at * 1_000));
  return (
    <div class="grid gap-4 pt-2" data-testid="liquidation-receipt">
      <dl class="facts text-3">
        <Row label={t.quantity} value={`${taken()} ${market().base}`} />
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
        <Row
          label={t.funding}
          value={texts.ticket.pair(small(props.liquidation.funding), small(props.liquidation.borrow))}
        />
        <Row label={t.fee} value={`${formatQuote(props.liquidation.liquidation_fee, { rounding: 'ceil' })} USDC`} />
        <Show
          when={props.liquidation.full}
          fallback={
            <Row
              label={t.remaining}
              value={props.view === undefined ? unknownFigure : `${size(props.view.remaining)} ${market().base}`}
            />
          }
        >
          <Row label={t.returned} value={usdc(props.liquidation.margin_released)} />
        </Show>
        <Show when={props.liquidation.bad_debt > 0n}>
          <Row label={t.badDebt} value={`${formatQuote(props.liquidation.bad_debt)} USDC`} />
        </Show>
      </dl>
      <dl class="facts border-t border-line pt-4">
        <Row label={t.equity} value={usdc(props.view?.equity)} />
        <Row label={t.maintenance} value={usdc(props.view?.maintenance)} />
        <div>
          <dt>{t.recomputed}</dt>
          <dd data-testid="recomputed">
            <Show when={props.view} fallback={unknownFigure}>
              {(known) => (
                <span class="tag" data-tone={known().agrees ? 'up' : 'down'}>
                  {known().agrees ? t.agrees : t.differs}
                </span>
              )}
            </Show>
          </dd>
        </div>
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
      <Show when={verifyLiquidation(props.liquidation, props.receipt)}>
        {(verification) => (
          <details class="verification-details">
            <summary>{t.everyFigure}</summary>
            <VerificationList verification={verification()} />
          </details>
        )}
      </Show>
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
