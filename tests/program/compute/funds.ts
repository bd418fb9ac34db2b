import { addresses } from '#support/program/addresses.ts';
import type { Sent } from '#support/program/chain.ts';
import type { TestMarket, Trader } from '#support/program/exchange.ts';
import * as build from '#support/program/instructions.ts';
import { type Costs, bytesMax } from './measure.ts';
import type { WorstCase } from './world.ts';

/** Accounts, delegation, deposits and withdrawals of a new trader. Gives the trader back. */
export async function fundTrader(world: WorstCase, costs: Costs): Promise<Trader> {
  const trader = world.holder();
  const owner = trader.wallet.publicKey;
  const run = async (name: string, instruction: ReturnType<typeof build.openUserAccount>): Promise<void> => {
    costs.run(name, { instructions: [await instruction], signers: [trader.wallet] });
  };
  const limits = { expiresAt: 2n ** 40n, turnoverCap: 2n ** 63n, maxSlippageBps: 10_000 };
  await run('open_user_account', build.openUserAccount(owner, owner));
  await run('set_delegate', build.setDelegate(owner, limits));
  await run('revoke_delegate', build.revokeDelegate(owner));
  await run('set_delegate', build.setDelegate(owner, limits));
  await run('deposit_collateral', build.depositCollateral(owner, trader.tokens, 10n ** 16n + 7n));
  await run('withdraw_collateral', build.withdrawCollateral(owner, trader.tokens, 10n ** 15n + 7n));
  return trader;
}

/** Executes a pool request with all markets there are, settled and refreshed in transactions before. */
async function execute(world: WorstCase, costs: Costs, name: string, holder: Trader): Promise<Sent> {
  const { markets } = world.exchange;
  for (const market of markets) costs.run('settle_market', { instructions: [await settle(market)], signers: [] });
  const instruction = await executionFor(world, holder);
  return costs.run(`execute_pool_request: ${name}, markets: ${markets.length}`, {
    instructions: [instruction],
    signers: [world.exchange.keeper],
  });
}

const settle = (market: TestMarket) => build.settleMarket(market.key, market.priceAccount);

const executionFor = ({ exchange }: WorstCase, holder: Trader, markets = exchange.markets) =>
  build.executePoolRequest(
    holder.wallet.publicKey,
    holder.tokens,
    markets.map(({ key }) => key),
    exchange.keeper.publicKey,
  );

/** Mints shares for `amount` (1e-6 USDC). */
export async function mint(world: WorstCase, costs: Costs, holder: Trader, amount: bigint): Promise<void> {
  const request = await build.requestMint(holder.wallet.publicKey, holder.tokens, amount);
  costs.run('request_mint', { instructions: [request], signers: [holder.wallet] });
  await execute(world, costs, 'mint', holder);
}

/** Redeems `share` (hundredths) of the holder's shares. Gives back on how many markets the payout drew. */
export async function redeem(world: WorstCase, costs: Costs, holder: Trader, share: bigint): Promise<number> {
  const owner = holder.wallet.publicKey;
  const { shares } = world.exchange.chain.fetch('lpAccount', addresses.lp(owner));
  const request = await build.requestRedeem(owner, (shares * share) / 100n);
  costs.run('request_redeem', { instructions: [request], signers: [holder.wallet] });
  const { events } = await execute(world, costs, 'redeem', holder);
  return events.filter(({ name }) => name === 'marketSettled').length;
}

/** How many markets the usual transaction (settle each, then execute) can have without a lookup table. */
export async function marketsWithoutTable(world: WorstCase, costs: Costs, holder: Trader): Promise<number> {
  for (let count = world.exchange.markets.length; count > 0; count -= 1) {
    const markets = world.exchange.markets.slice(0, count);
    const settles = await Promise.all(markets.map(settle));
    if (costs.bytesOf([...settles, await executionFor(world, holder, markets)]) <= bytesMax) return count;
  }
  return 0;
}

/** What anyone can do for the pool and for prices. */
export async function keepPool(world: WorstCase, costs: Costs, holder: Trader): Promise<void> {
  const donation = await build.donate(holder.wallet.publicKey, holder.tokens, 123_456_789n);
  costs.run('donate', { instructions: [donation], signers: [holder.wallet] });
  const { key, priceAccount } = world.longMarket;
  costs.run('refresh_market', { instructions: [await build.refreshMarket(key, priceAccount)], signers: [] });
}
