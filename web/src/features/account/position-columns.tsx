import { formatDecimal } from '#shared/money/decimal.ts';
import { PRICE_DECIMALS, QUOTE_DECIMALS, SIZE_DECIMALS } from '#shared/money/units.ts';
import { marketOf } from '#shared/markets.ts';
import type { PositionDto } from '#shared/protocol/positions.ts';
import { A } from '@solidjs/router';
import { Show, type JSX } from 'solid-js';

import { exitPrice, type PositionExits } from '../../domain/exits.ts';
import {
  formatLeverage,
  formatPrice,
  formatQuote,
  formatShare,
  formatSize,
  unknownFigure,
} from '../../domain/format.ts';
import type { PositionCostsView } from '../../domain/position-costs.ts';
import type { PositionView } from '../../domain/position-view.ts';
import { texts } from '../../i18n/index.ts';
import { recordTexts } from '../../i18n/records.ts';
import { tableTexts } from '../../i18n/tables.ts';
import { EditIcon } from './icons.tsx';
import { Known } from '../../ui/known.tsx';
import { Signed } from '../../ui/signed.tsx';
import { PositionActions } from './position-actions.tsx';
import { Pair, type Column } from './data-table.tsx';
import { openAccountDialog } from './dialogs.ts';
import type { PositionRow } from './position-row.ts';
import { SideTag } from './side-tag.tsx';

/** Digits of what is owed and of what an hour costs. */
const carryPlaces = 4;
const t = recordTexts.positions;

const priceOf = (symbol: PositionDto['symbol'], value: bigint | null | undefined): string =>
  value === null || value === undefined ? unknownFigure : formatPrice(value, marketOf(symbol).priceDecimals);
const usdcOf = (value: bigint | null): string => (value === null ? unknownFigure : formatQuote(value));
const sizeOf = (size: bigint, symbol: PositionDto['symbol']): string =>
  `${formatSize(size, marketOf(symbol).sizeDecimals)} ${marketOf(symbol).base}`;
/** A figure with the key that changes it: as wide as three digits. */
const besideEdit = (figure: string): string => `${figure}   `;
const csvUsdc = (value: bigint | null): string | null => (value === null ? null : formatDecimal(value, QUOTE_DECIMALS));
const csvPrice = (value: bigint | null): string | null =>
  value === null ? null : formatDecimal(value, PRICE_DECIMALS);

/**
 * Columns, each of a figure and what belongs to it below; on a narrow desk the derived ones give way. `viewNow` values a position as of now,
 * `costsOf` tells what it has cost.
 */
export const positionColumns = (
  viewNow: (position: PositionDto) => PositionView,
  costsOf: (position: PositionDto) => PositionCostsView | undefined,
): readonly Column<PositionDto, PositionRow>[] => [
  {
    id: 'market',
    label: t.market,
    digits: 10,
    cell: (row) => <MarketCell row={row} />,
    sortBy: ({ symbol }) => symbol,
    csv: [
      { name: 'symbol', value: ({ symbol }) => symbol },
      { name: 'side', value: ({ side }) => side },
      { name: 'opened', value: ({ created_at: at }) => at },
    ],
  },
  {
    id: 'size',
    label: t.sizeAndValue,
    digits: 10,
    longest: ({ size, symbol }) => sizeOf(size, symbol),
    cell: (row) => (
      <Pair
        over={
          <>
            {formatSize(row.position.size, marketOf(row.position.symbol).sizeDecimals)}{' '}
            <span class="spare text-ink-3">{marketOf(row.position.symbol).base}</span>
          </>
        }
        under={<Known text={usdcOf(row.view().notional)} />}
      />
    ),
    sortBy: (position) => viewNow(position).notional,
    csv: [
      { name: 'size', value: ({ size }) => formatDecimal(size, SIZE_DECIMALS) },
      { name: 'value', value: (position) => csvUsdc(viewNow(position).notional) },
    ],
  },
  {
    id: 'entry',
    label: t.entryAndMark,
    digits: 9,
    longest: ({ symbol, entry_price: price }) => priceOf(symbol, price),
    cell: (row) => (
      <Pair
        over={priceOf(row.position.symbol, row.position.entry_price)}
        under={
          <span data-testid="position-mark">
            <Known text={priceOf(row.position.symbol, row.view().mark)} />
          </span>
        }
      />
    ),
    csv: [
      { name: 'entry_price', value: (position) => csvPrice(position.entry_price) },
      { name: 'mark_price', value: (position) => csvPrice(viewNow(position).mark) },
    ],
  },
  {
    id: 'pnl',
    label: t.pnl,
    digits: 10,
    longest: ({ margin_used: margin }) => `▲ +${usdcOf(margin)}`,
    cell: (row) => <ResultCell row={row} />,
    sortBy: (position) => viewNow(position).pnl,
    csv: [{ name: 'unrealized_pnl', value: (position) => csvUsdc(viewNow(position).pnl) }],
  },
  {
    id: 'liquidation',
    label: t.liquidation,
    digits: 10,
    longest: ({ symbol, liquidation_price: price }) => priceOf(symbol, price),
    cell: (row) => <LiquidationCell row={row} />,
    sortBy: (position) => {
      const { liquidationDistance, mark } = viewNow(position);
      return liquidationDistance === null || mark === null ? null : (liquidationDistance * 1_000_000n) / mark;
    },
    csv: [{ name: 'liquidation_price', value: (position) => csvPrice(position.liquidation_price) }],
  },
  {
    id: 'margin',
    label: t.marginAndLeverage,
    digits: 13,
    longest: ({ margin_used: margin }) => besideEdit(usdcOf(margin)),
    cell: (row) => <MarginCell row={row} />,
    sortBy: ({ margin_used: margin }) => margin,
    csv: [{ name: 'margin', value: (position) => csvUsdc(position.margin_used) }],
  },
  {
    id: 'exits',
    label: tableTexts.actions.exitsColumn,
    digits: 12,
    longest: ({ symbol, entry_price: price }) => besideEdit(priceOf(symbol, price)),
    cell: (row) => <ExitsCell row={row} />,
  },
  {
    id: 'funding',
    label: t.funding,
    class: 'derived',
    digits: 9,
    hint: t.fundingHint,
    cellTestId: 'position-funding',
    cell: (row) => <Paid row={row} kind="funding" owed={row.position.funding_owed} />,
    csv: [
      { name: 'funding_paid', value: (position) => csvUsdc(costsOf(position)?.funding.paid ?? null) },
      { name: 'funding_owed', value: (position) => csvUsdc(position.funding_owed) },
    ],
  },
  {
    id: 'borrow',
    label: t.borrow,
    class: 'derived',
    digits: 9,
    hint: t.borrowHint,
    cellTestId: 'position-borrow',
    cell: (row) => <Paid row={row} kind="borrow" owed={row.position.borrow_owed} />,
    csv: [
      { name: 'borrow_paid', value: (position) => csvUsdc(costsOf(position)?.borrow.paid ?? null) },
      { name: 'borrow_owed', value: (position) => csvUsdc(position.borrow_owed) },
      { name: 'fees_paid', value: (position) => csvUsdc(costsOf(position)?.fees ?? null) },
      { name: 'impact_paid', value: (position) => csvUsdc(costsOf(position)?.impact ?? null) },
    ],
  },
  {
    id: 'actions',
    label: tableTexts.actions.actionsColumn,
    isUnnamed: true,
    cell: (row) => <PositionActions row={row} />,
  },
];

function MarketCell(props: { readonly row: PositionRow }): JSX.Element {
  const position = () => props.row.position;
  return (
    <Pair
      over={
        <A href={`/trade/${position().symbol}`} class="market-link">
          {position().symbol}
        </A>
      }
      under={
        <>
          <SideTag side={position().side} />
          <Show when={props.row.view().capped}>
            <span class="tag ml-1" data-tone="warn" title={t.cappedHint}>
              {t.capped}
            </span>
          </Show>
        </>
      }
    />
  );
}

/** Profit and loss and the return on margin; pressed, they are a picture to share. */
function ResultCell(props: { readonly row: PositionRow }): JSX.Element {
  const pnl = () => props.row.view().pnl;
  const hint = () => tableTexts.actions.sharePosition(props.row.position.symbol);
  return (
    <button
      type="button"
      class="cost-button"
      title={hint()}
      data-testid="share-position"
      onClick={() => openAccountDialog({ kind: 'sharePosition', positionId: props.row.position.id })}
    >
      <Pair
        over={
          <span data-testid="position-pnl">
            <Signed value={pnl()} text={formatQuote(pnl() ?? 0n, { plus: true })} arrow="always" />
          </span>
        }
        under={<Signed value={pnl()} text={formatShare(pnl() ?? 0n, props.row.position.margin_used, 2, true)} />}
      />
    </button>
  );
}

function LiquidationCell(props: { readonly row: PositionRow }): JSX.Element {
  const distance = () => {
    const { liquidationDistance, mark } = props.row.view();
    return liquidationDistance === null || mark === null
      ? unknownFigure
      : texts.liquidationWarning.distance(formatShare(liquidationDistance, mark, 2));
  };
  return (
    <span classList={{ 'text-warn': props.row.view().atRisk }}>
      <Pair
        over={
          <span data-testid="position-liquidation">
            {priceOf(props.row.position.symbol, props.row.position.liquidation_price)}
          </span>
        }
        under={<Known text={distance()} />}
      />
    </span>
  );
}

/** Margin, what it carries now, and the way to change it. */
function MarginCell(props: { readonly row: PositionRow }): JSX.Element {
  const leverage = () => props.row.view().leverageE2;
  return (
    <span class="with-edit">
      <Pair
        over={formatQuote(props.row.position.margin_used, { rounding: 'ceil' })}
        under={<Known text={leverage() === null ? unknownFigure : formatLeverage(leverage() ?? 0n)} />}
      />
      <button
        type="button"
        class="edit-button"
        aria-label={tableTexts.actions.editMargin(props.row.position.symbol)}
        title={tableTexts.actions.margin}
        data-testid="edit-margin"
        onClick={() => openAccountDialog({ kind: 'margin', positionId: props.row.position.id })}
      >
        <EditIcon />
      </button>
    </span>
  );
}

/** Take-profit and stop-loss that wait, and the way to set them. */
function ExitsCell(props: { readonly row: PositionRow }): JSX.Element {
  const shown = (order: PositionExits['takeProfit']) => priceOf(props.row.position.symbol, exitPrice(order));
  return (
    <span class="with-edit">
      <Pair
        over={
          <span data-testid="position-take-profit">
            <Known text={shown(props.row.exits().takeProfit)} />
          </span>
        }
        under={
          <span data-testid="position-stop-loss">
            <Known text={shown(props.row.exits().stopLoss)} />
          </span>
        }
      />
      <button
        type="button"
        class="edit-button"
        aria-label={tableTexts.actions.editExits(props.row.position.symbol)}
        title={tableTexts.actions.exits}
        data-testid="edit-exits"
        onClick={() => openAccountDialog({ kind: 'exits', positionId: props.row.position.id })}
      >
        <EditIcon />
      </button>
    </span>
  );
}

/** What a position paid from its opening until now, and what an hour more costs; pressed, what it is made of. Small figures, hence more digits. */
function Paid(props: {
  readonly row: PositionRow;
  readonly kind: 'funding' | 'borrow';
  readonly owed: bigint;
}): JSX.Element {
  const signed = (paid: bigint) => formatQuote(-paid, { places: carryPlaces, plus: true, rounding: 'floor' });
  const total = () => props.row.costs()?.[props.kind].total ?? props.owed;
  const hourly = () => props.row.carry()?.[props.kind];
  return (
    <button
      type="button"
      class="cost-button"
      disabled={props.row.costs() === undefined}
      title={t.costsOf(t[props.kind], props.row.position.symbol)}
      data-testid={`costs-${props.kind}`}
      onClick={() => openAccountDialog({ kind: 'costs', positionId: props.row.position.id })}
    >
      <Pair
        over={<Signed value={-total()} text={signed(total())} />}
        under={<Known text={hourly() === undefined ? unknownFigure : t.perHour(signed(hourly() ?? 0n))} />}
      />
    </button>
  );
}
