import { Keypair, PublicKey } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import { addresses } from '#support/program/addresses.ts';
import { eventOf } from '#support/program/chain.ts';
import { TestExchange, USDC, must } from '#support/program/exchange.ts';
import { bn } from '#support/program/plain.ts';
import { writeMint } from '#support/program/tokens.ts';
import * as build from '#support/program/instructions.ts';

const keys = (count: number): PublicKey[] => Array.from({ length: count }, () => Keypair.generate().publicKey);

describe('initialize_exchange', () => {
  it('creates exchange, vault, pool, insurance, treasury and outflow, with keepers active at once', async () => {
    const exchange = new TestExchange();
    const sent = must(await exchange.initialize());
    const state = exchange.chain.fetch('exchange', addresses.exchange);
    expect(state.admin).toBe(exchange.admin.publicKey.toBase58());
    expect(state.vault).toBe(addresses.vault.toBase58());
    expect(state.keepers[0]).toEqual({ key: exchange.keeper.publicKey.toBase58(), activeFrom: exchange.chain.now });
    expect(exchange.chain.fetch('pool', addresses.pool).supply).toBe(0n);
    expect(exchange.chain.fetch('insurance', addresses.insurance).topupCapPerHour).toBe(1_000n * USDC);
    expect(exchange.chain.fetch('treasury', addresses.treasury).balance).toBe(0n);
    expect(exchange.chain.fetch('outflow', addresses.outflow).cap).toBe(0n);
    expect(eventOf(sent, 'exchangeInitialized').exchangeSeq).toBe(1n);
  });

  it('obeys nobody but the upgrade authority of the program', async () => {
    const exchange = new TestExchange();
    const stranger = exchange.chain.wallet();
    expect((await exchange.initialize({}, stranger)).error).toBe('NotUpgradeAuthority');
  });

  it('cannot be done twice', async () => {
    const exchange = new TestExchange();
    must(await exchange.initialize());
    expect((await exchange.initialize()).error).not.toBeNull();
  });

  it('refuses a token without six decimals', async () => {
    const exchange = new TestExchange();
    const mint = writeMint(exchange.chain, 9);
    const args = exchange.initializeArgs();
    const { upgradeAuthority } = exchange;
    const instruction = await build.initializeExchange(upgradeAuthority.publicKey, mint, args);
    expect(exchange.send([instruction], [upgradeAuthority]).error).toBe('WrongDecimals');
  });

  const [twin] = keys(1);
  it.each([
    ['a time lock above 30 days', { timeLockSeconds: 2_592_001 }, 'InvalidConfig'],
    ['a pool delay below a minute', { poolDelaySeconds: 59 }, 'InvalidConfig'],
    ['a pool delay above a day', { poolDelaySeconds: 86_401 }, 'InvalidConfig'],
    ['a fee of redeeming above 10 %', { lpFeeBps: 1_001 }, 'InvalidConfig'],
    ['a top-up cap beyond any balance', { topupCapPerHour: bn(10n ** 18n + 1n) }, 'InvalidConfig'],
    ['no admin', { admin: PublicKey.default }, 'InvalidRole'],
    ['no risk manager', { riskManager: PublicKey.default }, 'InvalidRole'],
    ['no treasury authority', { treasuryAuthority: PublicKey.default }, 'InvalidRole'],
    ['an outflow window below an hour', { outflowWindowSeconds: 3_599 }, 'InvalidConfig'],
    ['an outflow window above a week', { outflowWindowSeconds: 604_801 }, 'InvalidConfig'],
    ['a floor below 100 USDC', { outflowFloor: bn(100n * USDC - 1n) }, 'InvalidConfig'],
    ['an outflow limit below the floor', { outflowCap: bn(100n * USDC - 1n) }, 'InvalidConfig'],
    ['no keeper', { keepers: [] }, 'InvalidRole'],
    ['a keeper named twice', { keepers: [twin ?? PublicKey.default, twin ?? PublicKey.default] }, 'InvalidRole'],
    ['a keeper without a key', { keepers: [PublicKey.default] }, 'InvalidRole'],
    ['nine keepers', { keepers: keys(9) }, 'TooManyKeepers'],
  ])('refuses %s', async (_what, changes, error) => {
    expect((await new TestExchange().initialize(changes)).error).toBe(error);
  });
});
