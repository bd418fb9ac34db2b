import { Keypair, type PublicKey, type TransactionInstruction } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import { addresses } from '#support/program/addresses.ts';
import { type Sent, eventOf } from '#support/program/chain.ts';
import { type Trader, USDC, USD_PRICE, must } from '#support/program/exchange.ts';
import * as build from '#support/program/instructions.ts';
import { exchangePerTest } from '#support/program/suite.ts';

const lock = 3_600;
const exchange = exchangePerTest({ exchange: { timeLockSeconds: lock } });
const state = () => exchange().chain.fetch('exchange', addresses.exchange);

const send = async (signer: Keypair, instruction: Promise<TransactionInstruction>): Promise<Sent> =>
  exchange().send([await instruction], [signer]);

/** The clock and the price move on. */
function pass(seconds: number): void {
  exchange().chain.advance(BigInt(seconds));
  exchange().price(exchange().market, 100n * USD_PRICE);
}

describe('the admin', () => {
  it('is replaced in two steps: named, then accepting after the time lock, by nobody else', async () => {
    const next = exchange().chain.wallet();
    const stranger = exchange().chain.wallet();
    const named = must(await send(exchange().admin, build.proposeAdmin(exchange().admin.publicKey, next.publicKey)));
    expect(eventOf(named, 'adminProposed').acceptableFrom).toBe(exchange().chain.now + BigInt(lock));
    exchange().chain.advance(BigInt(lock - 1));
    expect((await send(next, build.acceptAdmin(next.publicKey))).error).toBe('TimeLocked');
    exchange().chain.advance(1n);
    expect((await send(stranger, build.acceptAdmin(stranger.publicKey))).error).toBe('NotPendingAdmin');
    must(await send(next, build.acceptAdmin(next.publicKey)));
    expect(state()).toMatchObject({ admin: next.publicKey.toBase58(), pendingAdminFrom: 0n });
    expect((await send(next, build.acceptAdmin(next.publicKey))).error).toBe('NotPendingAdmin');
    const old = await send(exchange().admin, build.proposeAdmin(exchange().admin.publicKey, null));
    expect(old.error).toBe('NotAdmin');
  });

  it('can take the naming back, and naming another starts the time lock over', async () => {
    const { admin } = exchange();
    const [first, second] = [exchange().chain.wallet(), exchange().chain.wallet()];
    must(await send(admin, build.proposeAdmin(admin.publicKey, first.publicKey)));
    exchange().chain.advance(BigInt(lock));
    must(await send(admin, build.proposeAdmin(admin.publicKey, second.publicKey)));
    expect((await send(first, build.acceptAdmin(first.publicKey))).error).toBe('NotPendingAdmin');
    expect((await send(second, build.acceptAdmin(second.publicKey))).error).toBe('TimeLocked');
    must(await send(admin, build.proposeAdmin(admin.publicKey, null)));
    exchange().chain.advance(BigInt(lock));
    expect((await send(second, build.acceptAdmin(second.publicKey))).error).toBe('NotPendingAdmin');
  });

  it('is not named by the risk manager, nor is anybody the default key', async () => {
    const { admin, riskManager } = exchange();
    const key = Keypair.generate().publicKey;
    expect((await send(riskManager, build.proposeAdmin(riskManager.publicKey, key))).error).toBe('NotAdmin');
    const nobody = new Uint8Array(32);
    const none = key.constructor as new (bytes: Uint8Array) => PublicKey;
    expect((await send(admin, build.proposeAdmin(admin.publicKey, new none(nobody)))).error).toBe('InvalidRole');
  });
});

describe('keepers', () => {
  it('a removed keeper fails at once, whoever of admin and risk manager removed it', async () => {
    const trader = await exchange().trader();
    must(await exchange().open(trader));
    const { riskManager, keeper } = exchange();
    must(await send(riskManager, build.removeKeeper(riskManager.publicKey, keeper.publicKey)));
    expect((await exchange().close(trader)).error).toBe('NotKeeper');
    expect((await send(riskManager, build.removeKeeper(riskManager.publicKey, keeper.publicKey))).error).toBe(
      'UnknownKeeper',
    );
  });

  it('an added keeper counts only after the time lock, visible until then', async () => {
    const { admin } = exchange();
    const added = exchange().chain.wallet();
    const trader = await exchange().trader();
    const open = async () => {
      const command = { ...exchange().command(trader), keeper: added.publicKey };
      const args = { side: 'long' as const, size: 10n ** 9n, leverageE2: 1_000, worstPrice: 2n ** 62n };
      return exchange().send([await build.openPosition(command, args)], [added]);
    };
    const owner = trader.wallet.publicKey;
    must(exchange().send([await build.createPosition(owner, exchange().market.key, added.publicKey)], [added]));
    const sent = must(await send(admin, build.addKeeper(admin.publicKey, added.publicKey)));
    const activeFrom = exchange().chain.now + BigInt(lock);
    expect(eventOf(sent, 'keeperAdded').activeFrom).toBe(activeFrom);
    expect(state().keepers[1]).toEqual({ key: added.publicKey.toBase58(), activeFrom });
    pass(lock - 1);
    expect((await open()).error).toBe('NotKeeper');
    pass(1);
    must(await open());
  });

  it('one in waiting can be removed, its place is free again, and nobody has two places', async () => {
    const { admin, riskManager } = exchange();
    const add = (key: PublicKey) => send(admin, build.addKeeper(admin.publicKey, key));
    const keys = Array.from({ length: 7 }, () => Keypair.generate().publicKey);
    for (const key of keys) must(await add(key));
    const [first] = keys;
    if (first === undefined) throw new Error('seven keys were made');
    expect((await add(first)).error).toBe('InvalidRole');
    expect((await add(Keypair.generate().publicKey)).error).toBe('TooManyKeepers');
    must(await send(riskManager, build.removeKeeper(riskManager.publicKey, first)));
    must(await add(Keypair.generate().publicKey));
  });

  it('are added by the admin alone and removed by no stranger', async () => {
    const { riskManager, keeper } = exchange();
    const stranger = exchange().chain.wallet();
    const key = Keypair.generate().publicKey;
    expect((await send(riskManager, build.addKeeper(riskManager.publicKey, key))).error).toBe('NotAdmin');
    const removal = await send(stranger, build.removeKeeper(stranger.publicKey, keeper.publicKey));
    expect(removal.error).toBe('NotRiskManager');
  });
});

describe('pausing and market status', () => {
  it('the risk manager pauses and never resumes; the admin does both, at once', async () => {
    const { admin, riskManager } = exchange();
    const trader = await exchange().trader();
    must(await send(riskManager, build.pauseOperations(riskManager.publicKey, build.PAUSE.open)));
    expect((await exchange().open(trader)).error).toBe('Paused');
    const resumed = await send(riskManager, build.resumeOperations(riskManager.publicKey, build.PAUSE.open));
    expect(resumed.error).toBe('NotAdmin');
    must(await send(admin, build.resumeOperations(admin.publicKey, build.PAUSE.open)));
    must(await exchange().open(trader));
    must(await send(admin, build.pauseOperations(admin.publicKey, build.PAUSE.all)));
    expect(state().pausedOperations).toBe(build.PAUSE.all);
  });

  it('knows no other bits than its own, and not none', async () => {
    const { admin } = exchange();
    for (const bits of [0, 32, 2 ** 31, 33]) {
      expect((await send(admin, build.pauseOperations(admin.publicKey, bits))).error, String(bits)).toBe(
        'InvalidConfig',
      );
    }
  });

  it('the risk manager only makes a market’s status stricter; the admin sets any; strangers none', async () => {
    const { admin, riskManager } = exchange();
    const stranger = exchange().chain.wallet();
    const { key } = exchange().market;
    const set = (signer: Keypair, status: build.MarketStatus) =>
      send(signer, build.setMarketStatus(signer.publicKey, key, status));
    expect((await set(stranger, { halted: {} })).error).toBe('NotRiskManager');
    expect((await set(riskManager, { active: {} })).error).toBe('NotTighter');
    const reduced = must(await set(riskManager, { reduceOnly: {} }));
    expect(eventOf(reduced, 'marketStatusChanged')).toMatchObject({
      before: { active: {} },
      after: { reduceOnly: {} },
    });
    must(await set(riskManager, { halted: {} }));
    expect((await set(riskManager, { reduceOnly: {} })).error).toBe('NotTighter');
    must(await set(admin, { active: {} }));
  });

  /** What no pause and no status may keep from a trader, each for a trader with an open position. */
  const freedoms: Readonly<Record<string, (trader: Trader) => Promise<Sent>>> = {
    'closing by a keeper under the delegation': (trader) => exchange().close(trader),
    'closing, signed by the trader': (trader) => exchange().close(trader, { command: { selfSigned: true } }),
    'closing on request, by anyone': async (trader) => {
      must(await exchange().requestClose(trader));
      pass(6);
      return exchange().executeCloseRequest(trader);
    },
    'adding margin by the trader': async (trader) => {
      const command = { ...exchange().command(trader), keeper: null, selfSigned: true };
      return send(trader.wallet, build.addMargin(command, USDC));
    },
    'adding margin by a keeper under the delegation': async (trader) =>
      send(exchange().keeper, build.addMargin(exchange().command(trader), USDC)),
    'withdrawing free collateral': (trader) =>
      send(trader.wallet, build.withdrawCollateral(trader.wallet.publicKey, trader.tokens, USDC)),
    'queueing a withdrawal': (trader) =>
      send(trader.wallet, build.queueWithdrawal(trader.wallet.publicKey, trader.wallet.publicKey, USDC)),
    liquidation: (trader) => {
      exchange().nextPrice(exchange().market, 91n * USD_PRICE);
      return exchange().liquidate(trader);
    },
  };
  const statuses = [{ active: {} }, { reduceOnly: {} }, { halted: {} }] as const;
  const pauses = [...Array.from({ length: 32 }, (_, bit) => 2 ** bit), 2 ** 32 - 1];

  it.each(Object.keys(freedoms))('no pause bit, alone or with all others, keeps from %s', async (name) => {
    for (const bits of pauses) {
      const trader = await exchange().trader(1_000n * USDC);
      pass(1);
      must(await exchange().open(trader, { size: 10_000_000n }));
      await exchange().chain.rewrite('exchange', addresses.exchange, (content) => {
        content.pausedOperations = bits;
      });
      const sent = await freedoms[name]?.(trader);
      expect(sent?.error, `bits ${bits}`).toBeNull();
      await exchange().chain.rewrite('exchange', addresses.exchange, (content) => {
        content.pausedOperations = 0;
      });
    }
  });

  it.each(Object.keys(freedoms))('no market status, together with every pause, keeps from %s', async (name) => {
    const { admin } = exchange();
    for (const status of statuses) {
      const trader = await exchange().trader(1_000n * USDC);
      pass(1);
      must(await exchange().open(trader, { size: 10_000_000n }));
      must(await send(admin, build.setMarketStatus(admin.publicKey, exchange().market.key, status)));
      must(await send(admin, build.pauseOperations(admin.publicKey, build.PAUSE.all)));
      const sent = await freedoms[name]?.(trader);
      expect(sent?.error, JSON.stringify(status)).toBeNull();
      must(await send(admin, build.setMarketStatus(admin.publicKey, exchange().market.key, { active: {} })));
      must(await send(admin, build.resumeOperations(admin.publicKey, build.PAUSE.all)));
    }
  });
});
