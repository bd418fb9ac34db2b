import { env } from 'cloudflare:workers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDeadLetterRepository } from '#db/repositories/dead-letters.ts';
import { chainOf } from '../../../workers/chain/chain.ts';
import { readSettings } from '../../../workers/env.ts';
import { silentLogger } from '../../../workers/platform/logger.ts';
import { attendCandidate } from '../../../workers/risk/candidate.ts';
import { deliveriesMax, type RiskMessage } from '../../../workers/risk/message.ts';
import { SharedPriceWait } from '../../../workers/risk/shared-price-wait.ts';
import type { Wallet } from '../account/wallet.ts';
import { controlHermes, resetHermes, until } from '../market/hermes-control.ts';
import { AccountSocket } from './account-socket.ts';
import {
  controlSolana,
  deliver,
  inMarket,
  longAt20,
  marketObject,
  solPriceIs,
  testDatabase,
} from './market-control.ts';

const chain = chainOf(readSettings(env));
const change = { operation: 'liquidate', by: 'operator', reason: 'a test' } as const;
const switched = (off: boolean) => marketObject().setSwitch({ ...change, off });

const onChain = async ({ address }: Wallet) => (await chain.readTrader(address)).positions.get('SOL-PERP');
const inIndex = (owner: string) =>
  inMarket(({ storage }) => [
    ...storage.sql.exec<{ leased_until: number; command_seq: string }>(
      'SELECT leased_until, command_seq FROM open_positions WHERE owner = ?',
      owner,
    ),
  ]);

describe('a candidate', () => {
  beforeAll(() => solPriceIs(150n));
  afterAll(async () => {
    await switched(false);
    await resetHermes();
  });

  it('whose transaction never lands is decided inside its delivery, with another one', async () => {
    const wallet = await longAt20();
    // The market proposes nothing, so that the transaction that gets lost is the one of this delivery.
    await switched(true);
    await solPriceIs(142n);
    const price = (await marketObject().snapshot()).price ?? expect.fail();
    const message: RiskMessage = {
      kind: 'liquidation',
      ...{ symbol: 'SOL-PERP', owner: wallet.address, commandSeq: '1', requestId: 'test' },
      ...{ price: String(price.price), publishTime: Number(price.publishTime) },
    };
    await controlSolana({ drop_transactions: 1 });
    const outcome = await attendCandidate(chain, chain.oracle, message, true, silentLogger);
    expect(outcome).toMatchObject({ kind: 'done', what: 'liquidated', outcome: { kind: 'landed' } });
    expect((await onChain(wallet))?.size).toBe(0n);
    await switched(false);
    await solPriceIs(150n);
  });

  it('waits for its price together with the others of its batch, and for another price anew', async () => {
    const asked: number[] = [];
    const prices = new SharedPriceWait({
      ensure: (symbol, minPublishTime, timeoutMs) => {
        asked.push(minPublishTime);
        return chain.oracle.ensure(symbol, minPublishTime, timeoutMs);
      },
    });
    const now = Math.floor(Date.now() / 1_000);
    const never = now + 3_600;
    const priceMsMax = 30_000;
    const waits = [now, now, never, now, never].map((at) =>
      prices.ensure('SOL-PERP', at, at === never ? 200 : priceMsMax),
    );
    const [first, second, missing, third] = await Promise.all(waits);
    expect(first?.update.publishTime).toBeGreaterThanOrEqual(BigInt(now));
    expect([second, third, missing]).toEqual([first, first, null]);
    expect(asked).toEqual([now, never]);
    expect(await prices.ensure('SOL-PERP', never, 100)).toBeNull();
    expect(asked).toEqual([now, never, never]);
  });

  it('that fails for the last time is kept with its reason, and harmless when it is replayed later', async () => {
    const wallet = await longAt20();
    const id = crypto.randomUUID();
    await controlSolana({ outage: 'error' });
    try {
      expect(await deliver({ owner: wallet.address }, deliveriesMax - 1, id)).toEqual([]);
      expect(await deliver({ owner: wallet.address }, deliveriesMax, id)).toEqual([id]);
    } finally {
      await controlSolana({ reset: true });
    }
    const { rows } = await createDeadLetterRepository(testDatabase()).list({});
    const [letter] = rows.filter(({ messageId }) => messageId === id);
    expect(letter).toMatchObject({ attempts: deliveriesMax, status: 'stored', error: expect.stringMatching(/\S/) });
    const body = letter?.body as Record<string, never>;
    await until('the chain is back', async () => (await deliver(body)).length === 1, 60_000);
    expect(await onChain(wallet)).toMatchObject({ size: 10n * 10n ** 8n, seq: 1n });
  });

  it('of a position that the index has wrong sets the index right', async () => {
    const wallet = await longAt20();
    await until('it is indexed', async () => (await inIndex(wallet.address)).length === 1);
    await inMarket(({ storage }) => {
      storage.sql.exec("UPDATE open_positions SET command_seq = '7', event_seq = 0 WHERE owner = ?", wallet.address);
    });
    expect(await deliver({ owner: wallet.address, commandSeq: '7' })).toHaveLength(1);
    expect(await inIndex(wallet.address)).toMatchObject([{ command_seq: '1' }]);
  });

  it('is warned once per crossing: again only after the margin was safe in between', async () => {
    const wallet = await longAt20();
    const socket = await AccountSocket.open(wallet);
    const warnings = () =>
      socket.updates('risk').filter(({ data }) => (data as { kind: string }).kind === 'margin_warning').length;
    // 1.5 times the maintenance margin is at about 144.7, 1.6 times at about 144.8.
    await solPriceIs(146n);
    await solPriceIs(144n);
    await until('warned', () => warnings() === 1);
    for (const usd of ['144.75', '144.2', '144.74', '144.1']) {
      await solPriceIs(usd);
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    expect(warnings()).toBe(1);
    await solPriceIs(146n);
    await solPriceIs(144n);
    await until('warned again', () => warnings() === 2);
    expect((await onChain(wallet))?.size).toBe(10n * 10n ** 8n);
    socket.close();
    await solPriceIs(150n);
  });

  it("pays its reward into the keeper's own account", async () => {
    const keeper = chain.keeper.toBase58();
    const before = (await chain.readTrader(keeper)).account?.collateral ?? expect.fail();
    const wallet = await longAt20();
    await solPriceIs(143n);
    await until('liquidated in part', async () => ((await onChain(wallet))?.size ?? 0n) < 10n * 10n ** 8n);
    const { account } = await chain.readTrader(keeper);
    expect(account?.collateral).toBeGreaterThan(before);
    await solPriceIs(150n);
  });
});

describe('the brake of a market', () => {
  it('holds opening back on every part that asks, tells everybody, and lets go by itself', async () => {
    await solPriceIs(150n);
    // Its average does not follow until the test says so: the brake holds meanwhile.
    await controlHermes({ price: { base: 'SOL', usd: '310', ema: '300', conf: '0.01' } });
    const { controls } = await until('the brake holds', async () => {
      const snapshot = await marketObject().snapshot();
      return snapshot.controls.brake !== null && snapshot;
    });
    expect(controls).toMatchObject({ off: [], brake: { kind: 'price_move', message: expect.stringContaining('310') } });
    expect((await marketObject().sweep()).risks).toContain('price_move');
    await solPriceIs(310n);
    await until('the average confirms it', async () => (await marketObject().snapshot()).controls.brake === null);
    expect((await marketObject().sweep()).risks).not.toContain('price_move');
    await solPriceIs(150n);
    await until('it let go', async () => (await marketObject().snapshot()).controls.brake === null);
    await resetHermes();
  });
});
