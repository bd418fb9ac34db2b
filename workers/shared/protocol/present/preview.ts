import { divRound, max } from '#shared/money/divide.ts';
import { price, quote } from '#shared/money/units.ts';
import type { Preview } from '#shared/perps/preview.ts';
import type { PreviewDto } from '../orders.ts';

/** The figures of a preview as the API answers them; the warnings are the caller's. */
export function presentPreview(preview: Preview): Omit<PreviewDto, 'warnings'> {
  return {
    intent: preview.intent,
    closes: preview.closes,
    opens: preview.opens,
    oracle_price: preview.oraclePrice,
    fill_price: preview.fillPrice,
    spread: preview.spread,
    impact: preview.impact,
    fee: preview.fee,
    notional: preview.notional,
    realized_pnl: preview.realizedPnl,
    funding: preview.funding,
    // A market seen before the position's last event may lie behind its entry: nothing was owed then.
    borrow: quote(max(0n, preview.borrow)),
    margin_added: preview.marginAdded,
    margin_released: preview.marginReleased,
    margin: preview.margin,
    leverage: Number(preview.leverageE2),
    liquidation_price: preview.liquidationPrice === 0n ? null : preview.liquidationPrice,
    position_after: positionAfter(preview),
    account_after: {
      total_balance: preview.accountAfter.totalBalance,
      available_balance: preview.accountAfter.availableBalance,
      margin_used: preview.accountAfter.marginUsed,
    },
  };
}

function positionAfter({ positionAfter, cappedAfter }: Preview): PreviewDto['position_after'] {
  const { side, size, entryValue } = positionAfter;
  if (size === 0n) return null;
  return { side, size, entry_price: price(divRound(entryValue, size)), capped: cappedAfter };
}
