import { mkdirSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Sent } from '#support/program/chain.ts';
import { BASE, TestExchange, USDC, USD_PRICE, must } from '#support/program/exchange.ts';
import * as build from '#support/program/instructions.ts';

/** A trade must leave room for a price update and compute-budget instructions in its transaction. */
const tradeUnitsMax = 120_000;
const report = new URL('../../test-results/compute-units.json', import.meta.url);

const units = new Map<string, number>();
const measure = (name: string, sent: Sent): void => {
  units.set(name, must(sent).computeUnits);
};

beforeAll(async () => {
  const exchange = new TestExchange();
  measure('initialize_exchange', await exchange.initialize());
  const { sent, market } = await exchange.createMarket();
  measure('create_market', sent);
  exchange.markets.push(market);
  exchange.price(market, 100n * USD_PRICE);
  const provider = exchange.holder();
  const lp = provider.wallet.publicKey;
  measure('request_mint', exchange.send([await build.requestMint(lp, provider.tokens, 10n ** 12n)], [provider.wallet]));
  measure('settle_market + execute_pool_request (mint)', await exchange.executePoolRequest(provider));
  must(await exchange.settle(market));
  const donation = await build.donate(lp, provider.tokens, USDC);
  measure('donate', exchange.send([donation], [provider.wallet]));

  const trader = exchange.holder();
  const owner = trader.wallet.publicKey;
  const sendOwn = async (instruction: ReturnType<typeof build.openUserAccount>) =>
    exchange.send([await instruction], [trader.wallet]);
  measure('open_user_account', await sendOwn(build.openUserAccount(owner, owner)));
  const limits = { expiresAt: 2n ** 40n, turnoverCap: 10n ** 15n, maxSlippageBps: 1_000 };
  measure('set_delegate', await sendOwn(build.setDelegate(owner, limits)));
  measure('deposit_collateral', await sendOwn(build.depositCollateral(owner, trader.tokens, 10_000n * USDC)));
  measure('withdraw_collateral', await sendOwn(build.withdrawCollateral(owner, trader.tokens, USDC)));
  measure('create_position', await sendOwn(build.createPosition(owner, market.key, owner)));
  exchange.nextPrice(market, { price: 10_012_345_678n, conf: 1_234_567n });
  measure('open_position', await exchange.open(trader, { size: 1_234_567_890n, leverageE2: 1_937 }));
  exchange.nextPrice(market, { price: 10_098_765_432n, conf: 2_345_678n });
  measure('open_position (increase)', await exchange.open(trader, { size: 98_765_432n, leverageE2: 1_999 }));
  measure('close_position (part)', await exchange.close(trader, { size: 3n * BASE + 7n }));
  const command = { ...exchange.command(trader), keeper: null, selfSigned: true };
  measure('add_margin', await sendOwn(build.addMargin(command, 50n * USDC)));
  const remove = await build.removeMargin(exchange.command(trader), USDC);
  measure('remove_margin', exchange.send([remove], [exchange.keeper]));
  measure('refresh_market', exchange.send([await build.refreshMarket(market.key, market.priceAccount)], []));
  measure('settle_market', await exchange.settle(market));
  const liquidator = await exchange.trader(0n);
  exchange.nextPrice(market, { price: 9_012_345_678n, conf: 2_345_678n });
  measure('liquidate_position', await exchange.liquidate(trader, { liquidator: liquidator.wallet.publicKey }));
  measure('open_position (short)', await exchange.open(trader, { side: 'short' }));
  measure('close_position (all)', await exchange.close(trader, { withInsurance: true }));
  measure('request_redeem', exchange.send([await build.requestRedeem(lp, 10n * USDC)], [provider.wallet]));
  measure('settle_market + execute_pool_request (redeem)', await exchange.executePoolRequest(provider));
  for (let added = 0; added < 3; added += 1)
    exchange.price(await exchange.addMarket({ weightBps: 0 }), 100n * USD_PRICE);
  must(exchange.send([await build.requestRedeem(lp, 10n * USDC)], [provider.wallet]));
  const markets = exchange.markets.map(({ key }) => key);
  const redeem = await build.executePoolRequest(lp, provider.tokens, markets);
  measure('execute_pool_request (redeem, 4 markets)', exchange.send([redeem], []));
  measure('revoke_delegate', await sendOwn(build.revokeDelegate(owner)));
});

afterAll(() => {
  console.table(Object.fromEntries(units));
  mkdirSync(new URL('.', report), { recursive: true });
  writeFileSync(report, `${JSON.stringify(Object.fromEntries(units), null, 2)}\n`);
});

it('open, close and liquidate each take fewer than 120,000 compute units', () => {
  const trades = [...units].filter(([name]) => /^(open_position|close_position|liquidate)/.test(name));
  expect(trades).toHaveLength(6);
  for (const [name, used] of trades) expect(used, name).toBeLessThan(tradeUnitsMax);
});
