import { describe, expect, it } from 'vitest';
import { bps } from '#shared/money/units.ts';
import { acceptPrice } from '#shared/perps/oracle.ts';
import { decodePriceUpdate, encodePriceUpdate, priceUpdateLength } from '#shared/perps/price-update.ts';
import { TestExchange, must } from '#support/program/exchange.ts';
import * as build from '#support/program/instructions.ts';
import { RECEIVER } from '#support/program/prices.ts';
import { BTC_MESSAGE, REAL_ACCOUNTS, type RealAccount, pushOracleAddress } from './real-accounts.ts';

const limits = { minSignatures: 13, maxStalenessSeconds: 60, maxConfidenceBps: 500, maxEmaDivergenceBps: 1_000 };

/** A market on this account, the account as it lay on chain, and the clock `age` seconds after its publication. */
async function marketOn(real: RealAccount, age: bigint, feedId = real.holds.feedId) {
  const exchange = new TestExchange();
  must(await exchange.initialize());
  const oracle = { receiverProgram: real.owner, priceAccount: real.address, ...limits };
  const market = await exchange.addMarket({}, { ...oracle, feedId: Array.from(Buffer.from(feedId, 'hex')) });
  exchange.chain.setData(real.address, real.owner, real.data);
  const now = Number(real.holds.publishTime + age);
  exchange.chain.vm.setClock(2_000, now, 0, now);
  const refresh = async () => exchange.send([await build.refreshMarket(market.key, real.address)], []);
  return { exchange, market, refresh, now: BigInt(now) };
}

describe.each([...REAL_ACCOUNTS, BTC_MESSAGE])('$name', (real) => {
  it('decodes to what it holds, and encodes back to the same bytes', () => {
    const update = decodePriceUpdate(real.data);
    expect(update).toMatchObject(real.holds);
    expect(update.verification).toEqual({ kind: 'full' });
    expect(real.data).toHaveLength(priceUpdateLength);
    expect(Buffer.from(encodePriceUpdate(update))).toEqual(Buffer.from(real.data));
  });

  it('lies where the push oracle keeps this feed, under the receiver that tests use', () => {
    expect(pushOracleAddress(real.holds.feedId).toBase58()).toBe(real.address.toBase58());
    expect(Buffer.from(decodePriceUpdate(real.data).writeAuthority)).toEqual(Buffer.from(real.address.toBytes()));
    expect(real.owner.toBase58()).toBe(RECEIVER.toBase58());
  });

  it('is accepted by the program as it is, at the very price that the TypeScript accepts', async () => {
    const { exchange, refresh, market, now } = await marketOn(real, 7n);
    must(await refresh());
    const stored = exchange.marketState(market).price;
    const account = {
      address: real.address.toBase58(),
      owner: real.owner.toBase58(),
      update: decodePriceUpdate(real.data),
    };
    const config = {
      receiverProgram: account.owner,
      priceAccount: account.address,
      feedId: real.holds.feedId,
      minSignatures: limits.minSignatures,
      maxStalenessSeconds: BigInt(limits.maxStalenessSeconds),
      maxConfidenceBps: bps(BigInt(limits.maxConfidenceBps)),
      maxEmaDivergenceBps: bps(BigInt(limits.maxEmaDivergenceBps)),
    };
    const { publishTime, price, conf, ema } = acceptPrice(account, config, null, now);
    expect(stored).toMatchObject({ publishTime, price, conf, ema });
    const scale = 10n ** BigInt(real.holds.exponent + 8);
    expect(stored).toEqual({
      publishTime: real.holds.publishTime,
      prevPublishTime: real.holds.prevPublishTime,
      price: real.holds.price * scale,
      conf: real.holds.conf * scale,
      ema: real.holds.emaPrice * scale,
      postedSlot: real.holds.postedSlot,
    });
  });

  it('is refused a second after it is too old, and by a market of another feed', async () => {
    expect((await (await marketOn(real, 60n)).refresh()).error).toBeNull();
    expect((await (await marketOn(real, 61n)).refresh()).error).toBe('OracleStale');
    expect((await (await marketOn(real, 7n, 'ab'.repeat(32))).refresh()).error).toBe('OracleWrongFeed');
  });
});
