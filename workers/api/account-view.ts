import { isMarketSymbol } from '#shared/markets.ts';
import type { AccountView } from '../account/contract.ts';
import type { MarketSnapshot } from '../market/contract.ts';
import type { Services } from './context.ts';

/** A trader's account with the snapshots of the markets he is in. A market that cannot be reached has none: its figures show as null. */
export interface PricedAccount {
  readonly view: AccountView;
  readonly snapshotOf: (symbol: string) => MarketSnapshot | null;
}

export async function viewAccount(services: Services, wallet: string): Promise<PricedAccount> {
  const view = await services.account(wallet).state();
  const symbols = view.positions.map(({ symbol }) => symbol).filter(isMarketSymbol);
  const snapshots = await services.markets.found(symbols);
  return { view, snapshotOf: (symbol) => snapshots.get(symbol) ?? null };
}
