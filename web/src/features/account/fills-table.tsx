import { marketOf } from '#shared/markets.ts';
import { notional } from '#shared/perps/notional.ts';
import type { FillDto } from '#shared/protocol/fills.ts';
import { useQuery } from '@tanstack/solid-query';
import { For, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { errorText } from '../../data/error-text.ts';
import { formatDateTime, formatPrice, formatQuote, formatSize, shortKey } from '../../domain/format.ts';
import { texts } from '../../i18n/index.ts';
import { Notice, PanelState, SkeletonRows, type PanelStatus } from '../../ui/panel-state.tsx';
import { Signed } from '../../ui/signed.tsx';
import { AccountGate } from './account-gate.tsx';
import { SideTag } from './side-tag.tsx';

const columns = [
  texts.positions.market,
  texts.fills.time,
  texts.fills.price,
  texts.fills.size,
  texts.fills.value,
  texts.fills.fee,
  texts.fills.impact,
  texts.fills.funding,
  texts.fills.borrow,
  texts.fills.pnl,
  texts.fills.transaction,
] as const;
/** Digits of funding and borrow: cents would show nothing. */
const smallPlaces = 4;

/** Every execution, newest first. */
export function FillsTable(): JSX.Element {
  const desk = useDesk();
  const t = texts.fills;
  const address = () => desk.session.address();
  const fills = useQuery(() => ({ ...desk.queries.fills(address() ?? ''), enabled: address() !== undefined }));
  const status = (): PanelStatus => {
    if (fills.data !== undefined) return fills.data.items.length === 0 ? 'empty' : 'data';
    return fills.isError ? 'error' : 'loading';
  };
  return (
    <AccountGate>
      <PanelState
        status={status()}
        skeleton={<SkeletonRows rows={3} />}
        empty={<Notice title={t.empty} text={t.emptyText} />}
        errorText={errorText(fills.error)}
        onRetry={() => void fills.refetch()}
      >
        <table class="grid-table">
          <thead>
            <tr>
              <For each={columns}>{(label) => <th scope="col">{label}</th>}</For>
            </tr>
          </thead>
          <tbody>
            <For each={fills.data?.items}>{(fill) => <FillRow fill={fill} />}</For>
          </tbody>
        </table>
      </PanelState>
    </AccountGate>
  );
}

function FillRow(props: { readonly fill: FillDto }): JSX.Element {
  const t = texts.fills;
  const market = () => marketOf(props.fill.symbol);
  const small = (received: bigint) => formatQuote(received, { places: smallPlaces, plus: true, rounding: 'floor' });
  return (
    <tr>
      <td data-label={texts.positions.market}>
        <span class="mr-2 font-semibold">{props.fill.symbol}</span>
        <SideTag side={props.fill.side} />
      </td>
      <td data-label={t.time} class="text-ink-2">
        {formatDateTime(new Date(props.fill.created_at))}
      </td>
      <td data-label={t.price}>{formatPrice(props.fill.price, market().priceDecimals)}</td>
      <td data-label={t.size}>{formatSize(props.fill.quantity, market().sizeDecimals)}</td>
      <td data-label={t.value}>{formatQuote(notional(props.fill.quantity, props.fill.price))}</td>
      <td data-label={t.fee}>{formatQuote(props.fill.fee, { rounding: 'ceil' })}</td>
      <td data-label={t.impact}>{formatQuote(props.fill.impact, { rounding: 'ceil' })}</td>
      <td data-label={t.funding}>
        <Signed value={-props.fill.funding} text={small(-props.fill.funding)} />
      </td>
      <td data-label={t.borrow}>
        <Signed value={-props.fill.borrow} text={small(-props.fill.borrow)} />
      </td>
      <td data-label={t.pnl}>
        <Signed value={props.fill.realized_pnl} text={formatQuote(props.fill.realized_pnl, { plus: true })} arrow />
      </td>
      <td data-label={t.transaction} class="text-ink-2" title={props.fill.transaction_hash}>
        {shortKey(props.fill.transaction_hash, 5)}
      </td>
    </tr>
  );
}
