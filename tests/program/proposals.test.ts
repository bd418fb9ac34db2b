import { Keypair, PublicKey } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import { addresses } from '#support/program/addresses.ts';
import { type Sent, eventOf } from '#support/program/chain.ts';
import {
  BASE,
  type MarketConfig,
  USDC,
  USD_PRICE,
  defaultConfig,
  defaultOracle,
  must,
} from '#support/program/exchange.ts';
import * as build from '#support/program/instructions.ts';
import { bn } from '#support/program/plain.ts';
import { exchangePerTest } from '#support/program/suite.ts';

const lock = 3_600;
const expiry = 14 * 86_400;
const exchange = exchangePerTest({ exchange: { timeLockSeconds: lock } });
const state = () => exchange().chain.fetch('exchange', addresses.exchange);

const topup = (capPerHour: bigint): build.ProposedChange => ({ insuranceTopup: { capPerHour: bn(capPerHour) } });
const config = (changes: Partial<MarketConfig>): build.ProposedChange => ({
  marketConfig: { marketIndex: 0, config: { ...defaultConfig(), ...changes } },
});
const limits = (timeLockSeconds: number): build.ProposedChange => ({
  exchangeLimits: { timeLockSeconds, poolDelaySeconds: 0, lpFeeBps: 10 },
});

async function propose(change: build.ProposedChange, by: Keypair = exchange().admin): Promise<Sent> {
  const instruction = await build.proposeChange(by.publicKey, by.publicKey, state().proposalCount, change);
  return exchange().send([instruction], [by]);
}

async function execute(id: bigint, change: build.ProposedChange): Promise<Sent> {
  return exchange().send([await build.executeChange(id, exchange().admin.publicKey, change)], []);
}

/** Settles the market first, as its parameters need. */
async function settleAndExecute(id: bigint, change: build.ProposedChange): Promise<Sent> {
  const { market, admin } = exchange();
  exchange().price(market, 100n * USD_PRICE);
  const settle = await build.settleMarket(market.key, market.priceAccount);
  return exchange().send([settle, await build.executeChange(id, admin.publicKey, change)], []);
}

async function cancel(id: bigint, by: Keypair): Promise<Sent> {
  return exchange().send([await build.cancelChange(by.publicKey, id, exchange().admin.publicKey)], [by]);
}

const pass = (seconds: number) => exchange().chain.advance(BigInt(seconds));
const cap = () => exchange().chain.fetch('insurance', addresses.insurance).topupCapPerHour;

describe('a change of parameters', () => {
  it('is visible, waits the time lock, is executed by anyone after it, and not twice', async () => {
    const change = topup(5n * USDC);
    const proposed = eventOf(must(await propose(change)), 'changeProposed');
    const from = exchange().chain.now + BigInt(lock);
    expect(proposed).toMatchObject({
      proposalId: 0n,
      before: { insuranceTopup: { capPerHour: 1_000n * USDC } },
      change: { insuranceTopup: { capPerHour: 5n * USDC } },
      executableFrom: from,
      executableTo: from + BigInt(expiry),
    });
    expect(exchange().chain.fetch('proposal', addresses.proposal(0n))).toMatchObject({ id: 0n, executableFrom: from });
    pass(lock - 1);
    expect((await execute(0n, change)).error).toBe('ProposalTooEarly');
    expect(cap()).toBe(1_000n * USDC);
    pass(1);
    const executed = eventOf(must(await execute(0n, change)), 'changeExecuted');
    expect(executed).toMatchObject({ proposalId: 0n, insuranceSeq: 1n, marketSeq: 0n, poolSeq: 0n });
    expect(cap()).toBe(5n * USDC);
    expect((await execute(0n, change)).error).not.toBeNull();
    expect(exchange().chain.data(addresses.proposal(0n))).toBeUndefined();
  });

  it('is executed up to 14 days after its lock, and never later', async () => {
    must(await propose(topup(1n)));
    must(await propose(topup(2n)));
    pass(lock + expiry);
    must(await execute(0n, topup(1n)));
    pass(1);
    expect((await execute(1n, topup(2n))).error).toBe('ProposalExpired');
    must(await cancel(1n, exchange().admin));
  });

  it('is cancelled by the admin or the risk manager, by nobody else, and its rent goes back', async () => {
    const { admin, riskManager } = exchange();
    const lamports = () => exchange().chain.vm.account(admin.publicKey.toBase58())?.lamports;
    const before = lamports();
    must(await propose(topup(1n)));
    must(await propose(topup(2n)));
    expect((await cancel(0n, exchange().chain.wallet())).error).toBe('NotRiskManager');
    expect(eventOf(must(await cancel(0n, riskManager)), 'changeCancelled').proposalId).toBe(0n);
    must(await cancel(1n, admin));
    expect(lamports()).toBe(before);
    pass(lock);
    expect((await execute(0n, topup(1n))).error).not.toBeNull();
    must(await propose(topup(3n)));
    expect(state().proposalCount).toBe(3n);
  });

  it('is proposed by the admin alone', async () => {
    expect((await propose(topup(1n), exchange().riskManager)).error).toBe('NotAdmin');
    expect((await propose(topup(1n), exchange().keeper)).error).toBe('NotAdmin');
  });

  it('does not overwrite what changed since: the later of two is refused, and so is one older than a tightening', async () => {
    const { market, riskManager } = exchange();
    must(await propose(topup(1n)));
    must(await propose(topup(2n)));
    must(await propose(config({ feeBps: 6 })));
    pass(lock);
    must(await execute(1n, topup(2n)));
    expect((await execute(0n, topup(1n))).error).toBe('StaleProposal');
    const tight = { ...standing(), maxLeverage: 19 };
    must(exchange().send([await build.tightenMarket(riskManager.publicKey, market.key, tight)], [riskManager]));
    expect((await settleAndExecute(2n, config({ feeBps: 6 }))).error).toBe('StaleProposal');
    expect(exchange().marketState().config).toMatchObject({ maxLeverage: 19, feeBps: 5 });
  });

  it('a shorter time lock waits the longer one, and what was proposed under it keeps it', async () => {
    must(await propose(limits(60)));
    must(await propose(topup(1n)));
    pass(lock - 1);
    expect((await execute(0n, limits(60))).error).toBe('ProposalTooEarly');
    expect((await execute(1n, topup(1n))).error).toBe('ProposalTooEarly');
    pass(1);
    must(await execute(0n, limits(60)));
    must(await propose(topup(2n)));
    pass(59);
    expect((await execute(2n, topup(2n))).error).toBe('ProposalTooEarly');
    pass(1);
    must(await execute(2n, topup(2n)));
  });

  it.each<[string, build.ProposedChange, string]>([
    ['a market’s parameters outside their bounds', config({ maxLeverage: 101 }), 'InvalidConfig'],
    ['a time lock above 30 days', limits(2_592_001), 'InvalidConfig'],
    ['a top-up beyond any balance', topup(10n ** 18n + 1n), 'InvalidConfig'],
    [
      'a floor below 100 USDC',
      { outflowLimits: { cap: bn(10n ** 12n), windowSeconds: 3_600, floor: bn(99n * USDC) } },
      'InvalidConfig',
    ],
    [
      'nobody as the treasury authority',
      { roles: { riskManager: Keypair.generate().publicKey, treasuryAuthority: PublicKey.default } },
      'InvalidRole',
    ],
  ])('refuses %s when it is proposed', async (_what, change, error) => {
    expect((await propose(change)).error).toBe(error);
  });

  it('of a price that no trade could use in time is refused, whoever proposes it', async () => {
    const { market } = exchange();
    const oracle = defaultOracle(market.priceAccount, market.feedId);
    const change = (changes: Partial<typeof oracle>) => ({
      marketOracle: { marketIndex: 0, oracle: { ...oracle, ...changes } },
    });
    expect((await propose(change({ maxStalenessSeconds: 4 }))).error).toBe('InvalidConfig');
    expect((await propose(change({ maxConfidenceBps: 9 }))).error).toBe('InvalidConfig');
    must(await propose(change({ maxStalenessSeconds: 5, maxConfidenceBps: 10 })));
  });
});

describe('every kind of change', () => {
  it('a market’s parameters need its settlement in the same seconds, and move its weight', async () => {
    const change = config({ weightBps: 2_000, feeBps: 6 });
    must(await propose(change));
    pass(lock);
    expect((await execute(0n, change)).error).toBe('MarketNotRefreshed');
    const executed = eventOf(must(await settleAndExecute(0n, change)), 'changeExecuted');
    expect(executed.poolSeq).toBeGreaterThan(0n);
    expect(exchange().marketState().config).toMatchObject({ weightBps: 2_000, feeBps: 6 });
    expect(exchange().chain.fetch('pool', addresses.pool).weightBps[0]).toBe(2_000);
  });

  it('weights never exceed the pool, tested when they change', async () => {
    const second = await exchange().addMarket({ weightBps: 0 });
    exchange().price(second, 100n * USD_PRICE);
    must(await propose(config({ weightBps: 10_000 })));
    const other = { marketConfig: { marketIndex: 1, config: { ...defaultConfig(), weightBps: 1 } } };
    must(await propose(other));
    pass(lock);
    must(await settleAndExecute(0n, config({ weightBps: 10_000 })));
    exchange().price(second, 100n * USD_PRICE);
    must(await exchange().settle(second));
    expect((await execute(1n, other)).error).toBe('WeightsExceeded');
  });

  it('a market created where the pool has something to lose gets no weight without the lock', async () => {
    expect((await exchange().createMarket({ weightBps: 1 })).sent.error).toBe('NeedsProposal');
    must((await exchange().createMarket({ weightBps: 0 })).sent);
  });

  it('a market’s oracle is replaced without a price of the old one, so that a dead feed can be', async () => {
    const priceAccount = Keypair.generate().publicKey;
    const oracle = defaultOracle(priceAccount, new Uint8Array(32).fill(77));
    const change = { marketOracle: { marketIndex: 0, oracle } };
    must(await propose(change));
    pass(lock);
    must(await execute(0n, change));
    expect(exchange().marketState().oracle.priceAccount).toBe(priceAccount.toBase58());
  });

  it('limits of what leaves the vault', async () => {
    const change = { outflowLimits: { cap: bn(1_000n * USDC), windowSeconds: 7_200, floor: bn(200n * USDC) } };
    must(await propose(change));
    pass(lock);
    must(await execute(0n, change));
    expect(exchange().chain.fetch('outflow', addresses.outflow)).toMatchObject({
      cap: 1_000n * USDC,
      windowSeconds: 7_200,
      floor: 200n * USDC,
    });
  });

  it('roles: the risk manager cannot stop the change that replaces him', async () => {
    const { riskManager } = exchange();
    const roles = { riskManager: Keypair.generate().publicKey, treasuryAuthority: Keypair.generate().publicKey };
    must(await propose({ roles }));
    expect((await cancel(0n, riskManager)).error).toBe('NotAdmin');
    pass(lock);
    must(await execute(0n, { roles }));
    expect(state()).toMatchObject({
      riskManager: roles.riskManager.toBase58(),
      treasuryAuthority: roles.treasuryAuthority.toBase58(),
    });
    const pause = await build.pauseOperations(riskManager.publicKey, build.PAUSE.open);
    expect(exchange().send([pause], [riskManager]).error).toBe('NotRiskManager');
  });

  it('needs the account that holds what it changes', async () => {
    const { admin } = exchange();
    const instruction = await build.proposeChange(admin.publicKey, admin.publicKey, 0n, topup(1n));
    const without = await build.proposeChange(admin.publicKey, admin.publicKey, 0n, limits(60));
    const index = 6;
    const absent = without.keys[index];
    if (absent === undefined) throw new Error('insurance is the seventh account');
    instruction.keys[index] = absent;
    expect(exchange().send([instruction], [admin]).error).toBe('MissingAccount');
  });
});

/** The limits that stand. */
function standing(): build.MarketLimits {
  const { config: c, oracle } = exchange().marketState();
  return {
    maxLeverage: c.maxLeverage,
    maxLongOi: bn(c.maxLongOi),
    maxShortOi: bn(c.maxShortOi),
    maxSkewBps: c.maxSkewBps,
    maxUtilisationBps: c.maxUtilisationBps,
    maxEmaDivergenceBps: oracle.maxEmaDivergenceBps,
  };
}

describe('tightening', () => {
  const tighten = async (changes: Partial<build.MarketLimits>, by: Keypair = exchange().riskManager) => {
    const limitsNow = { ...standing(), ...changes };
    const instruction = await build.tightenMarket(by.publicKey, exchange().market.key, limitsNow);
    return exchange().send([instruction], [by]);
  };

  it('counts at once, by risk manager or admin, and by nobody else', async () => {
    expect((await tighten({ maxLeverage: 5 }, exchange().chain.wallet())).error).toBe('NotRiskManager');
    const sent = must(await tighten({ maxLeverage: 5 }));
    expect(eventOf(sent, 'marketTightened')).toMatchObject({ before: { maxLeverage: 20 }, after: { maxLeverage: 5 } });
    const trader = await exchange().trader();
    expect((await exchange().open(trader, { leverageE2: 501 })).error).toBe('LeverageOutOfBounds');
    must(await tighten({ maxLeverage: 4 }, exchange().admin));
  });

  it.each<[string, Partial<build.MarketLimits>]>([
    ['leverage', { maxLeverage: 21 }],
    ['long open interest', { maxLongOi: bn(1_000_001n * BASE) }],
    ['short open interest', { maxShortOi: bn(1_000_001n * BASE) }],
    ['skew', { maxSkewBps: 10_001 }],
    ['utilisation', { maxUtilisationBps: 8_001 }],
    ['distance from the average', { maxEmaDivergenceBps: 1_001 }],
    ['nothing', {}],
  ])('never goes the other way: %s', async (_what, changes) => {
    const also = Object.keys(changes).length === 0 || 'maxLeverage' in changes ? {} : { maxLeverage: 19 };
    expect((await tighten({ ...also, ...changes }, exchange().admin)).error).toBe('NotTighter');
  });

  it('stays inside the bounds, so that a market is never tightened to nothing', async () => {
    for (const changes of [
      { maxLeverage: 0 },
      { maxLongOi: bn(0n) },
      { maxUtilisationBps: 0 },
      { maxEmaDivergenceBps: 0 },
    ])
      expect((await tighten(changes)).error, JSON.stringify(changes)).toBe('InvalidConfig');
  });

  it('to the tightest there is keeps from neither closing, adding margin, withdrawing nor liquidation', async () => {
    const [first, second] = [await exchange().trader(1_000n * USDC), await exchange().trader(1_000n * USDC)];
    for (const trader of [first, second]) must(await exchange().open(trader, { size: BASE }));
    const one = bn(1n);
    const tightest = { maxLeverage: 1, maxLongOi: one, maxShortOi: one, maxSkewBps: 0, maxUtilisationBps: 100 };
    must(await tighten({ ...tightest, maxEmaDivergenceBps: 1 }));
    const command = { ...exchange().command(first), keeper: null, selfSigned: true };
    must(exchange().send([await build.addMargin(command, USDC)], [first.wallet]));
    exchange().nextPrice(exchange().market, { price: 95n * USD_PRICE, ema: 50n * USD_PRICE });
    must(await exchange().close(first, { size: BASE / 2n }));
    must(await exchange().close(first));
    const withdraw = await build.withdrawCollateral(first.wallet.publicKey, first.tokens, 500n * USDC);
    must(exchange().send([withdraw], [first.wallet]));
    exchange().nextPrice(exchange().market, 90n * USD_PRICE);
    must(await exchange().liquidate(second));
  });
});
