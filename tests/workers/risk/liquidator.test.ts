import { SELF } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { Keypair } from '@solana/web3.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLiquidator } from '../../../examples/liquidator.ts';
import { chainOf } from '../../../workers/chain/chain.ts';
import { readSettings } from '../../../workers/env.ts';
import type { Wallet } from '../account/wallet.ts';
import { resetHermes, until } from '../market/hermes-control.ts';
import { deliver, longAt20, marketObject, setSolPrice, solPriceIs } from './market-control.ts';

const settings = readSettings(env);
const chain = chainOf(settings);
const api = 'http://localhost:8787';
const get = async (path: string) => (await SELF.fetch(`${api}${path}`)).json();
const change = { operation: 'liquidate', by: 'operator', reason: 'a test' } as const;

const sizeOnChain = async ({ address }: Wallet) => (await chain.readTrader(address)).positions.get('SOL-PERP')?.size;

describe('liquidation by anyone', () => {
  beforeAll(async () => {
    await solPriceIs(150n);
    await marketObject().setSwitch({ ...change, off: true });
  });
  afterAll(async () => {
    await marketObject().setSwitch({ ...change, off: false });
    await resetHermes();
  });

  it("pays a stranger who knows the public API and the chain, while the exchange's own keeper is switched off", async () => {
    const trader = await longAt20();
    await setSolPrice('143.9');
    const [listed] = await until('it is listed', async () => {
      const found = (await get('/api/risk/liquidatable?symbol=SOL-PERP')) as { owner: string }[];
      const mine = found.filter(({ owner }) => owner === trader.address);
      return mine.length > 0 && mine;
    });
    expect(listed).toMatchObject({
      side: 'long',
      size: 10,
      accounts: { position: chain.addresses.position(trader.keypair.publicKey, 'SOL-PERP').toBase58() },
    });
    const { margin_ratio: ratio } = listed as unknown as { margin_ratio: number };
    expect(ratio).toBeLessThan(0.01);
    // The candidate is checked and left alone: nobody but an operator switches it on again.
    expect(await deliver({ owner: trader.address })).toHaveLength(1);
    expect(await sizeOnChain(trader)).toBe(10n * 10n ** 8n);

    const wallet = Keypair.generate();
    await chain.rpc.call('requestAirdrop', [wallet.publicKey.toBase58(), 10 ** 9], (await import('zod')).string());
    const ask = ((url: string) => SELF.fetch(url)) as typeof fetch;
    const liquidateOnce = await until('the liquidator has its account', () =>
      createLiquidator({ api, rpc: settings.RPC_URL, wallet, say: () => undefined, fetch: ask }).catch(() => null),
    );
    const { liquidated, paid } = await until('it liquidated', async () => {
      const done = await liquidateOnce();
      return done.liquidated > 0 && done;
    });
    // At least this one: positions that other tests left may have become liquidatable as well.
    expect(liquidated).toBeGreaterThanOrEqual(1);
    expect(paid).toBeGreaterThan(0n);
    const account = (await chain.readTrader(wallet.publicKey.toBase58())).account;
    expect(account?.collateral).toBe(paid);
    expect(await sizeOnChain(trader)).toBeLessThan(10n * 10n ** 8n);

    // Switched on again, a keeper that comes second finds nothing to do: that is no failure.
    await marketObject().setSwitch({ ...change, off: false });
    expect(await deliver({ owner: trader.address })).toHaveLength(1);
    await until('nobody is listed', async () => {
      const found = (await get('/api/risk/liquidatable?symbol=SOL-PERP')) as unknown[];
      return found.length === 0;
    });
    await solPriceIs(150n);
  });
});
