import { quote } from '#shared/money/units.ts';
import { unrealizedPnl } from '#shared/perps/pnl.ts';
import { leverageE2 } from './position.ts';
import type { BalanceDto } from '../portfolio.ts';
import type { AccountView } from '#shared/account-view.ts';
import type { MarketSnapshot } from '#shared/market-snapshot.ts';

/** What a balance is made of. */
export type BalanceParts = Pick<AccountView, 'account' | 'realizedPnl'> & {
  readonly positions: readonly Pick<AccountView['positions'][number], 'symbol' | 'position'>[];
};

/**
 * The account in one line: total = collateral + Σ margin + unrealized, available = collateral, margin_used = Σ margin. A position whose market
 * has no price counts with its margin alone.
 */
export function presentBalance(
  view: BalanceParts,
  snapshotOf: (symbol: string) => Pick<MarketSnapshot, 'price'> | null,
): BalanceDto {
  const collateral = view.account?.collateral ?? 0n;
  let margin = 0n;
  let unrealized = 0n;
  let exactNotional = 0n;
  for (const { symbol, position } of view.positions) {
    margin += position.margin;
    const price = snapshotOf(symbol)?.price?.price;
    if (price === undefined) continue;
    unrealized += unrealizedPnl(position, price);
    exactNotional += position.size * price;
  }
  const total = quote(collateral + margin + unrealized);
  return {
    account_open: view.account !== null,
    total_balance: total,
    available_balance: quote(collateral),
    margin_used: quote(margin),
    unrealized_pnl: quote(unrealized),
    realized_pnl: quote(view.realizedPnl),
    leverage: total > 0n ? leverageE2(exactNotional, total) : 0,
  };
}
