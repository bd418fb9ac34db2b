import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { createDatabase } from '#db/client.ts';
import { createFillRepository } from '#db/repositories/fills.ts';
import { createPositionRepository } from '#db/repositories/positions.ts';
import { createProjectionRepository } from '#db/repositories/projection.ts';
import { createTransferRepository } from '#db/repositories/transfers.ts';
import { readSettings } from '../../../workers/env.ts';
import { userIdOf } from '../../../workers/platform/ids.ts';
import { until } from '../market/hermes-control.ts';
import { Trader } from './trader.ts';

const indexer = () => env.INDEXER.getByName('main');
const settledMsMax = 60_000;

async function control(command: Record<string, unknown>): Promise<void> {
  const response = await fetch(inject('stackControls').solana, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(command),
  });
  if (!response.ok) throw new Error(`the chain refused: ${await response.text()}`);
  await response.body?.cancel();
}

const database = () => {
  const { DATABASE_URL: databaseUrl, DATABASE_HTTP_ENDPOINT: httpEndpoint } = readSettings(env);
  return createDatabase({ databaseUrl, httpEndpoint });
};

/** What the database, the wallet's object and the chain say. */
async function viewsOf(trader: Trader) {
  const userId = userIdOf(trader.wallet);
  const projection = createProjectionRepository(database(), () => '');
  const stream = `account:${trader.wallet}`;
  const [fills, positions, transfers, nextSeqs, object, onChain] = await Promise.all([
    createFillRepository(database()).list(userId, {}),
    createPositionRepository(database()).list(userId, { isActive: true }),
    createTransferRepository(database()).list(userId, {}),
    projection.nextSeqs([stream]),
    env.ACCOUNTS.getByName(trader.wallet).state(),
    trader.chain.readTrader(trader.wallet),
  ]);
  return {
    fills: fills.rows.map(({ transactionHash }) => transactionHash),
    positions: positions.rows.map(({ size, entryPrice, marginUsed }) => ({ size, entryPrice, marginUsed })),
    transfers: transfers.rows.map(({ transactionHash, accountSeq, amount }) => ({
      transactionHash,
      accountSeq,
      amount,
    })),
    nextSeq: nextSeqs.get(stream),
    object,
    onChain,
  };
}

describe('a fork that takes back confirmed transactions', () => {
  afterEach(() => control({ reset: true }));

  it(
    'leaves database and objects with what the chain has: the rest is gone, what landed again is there once',
    { timeout: 120_000 },
    async () => {
      const trader = await Trader.open(1_000n);
      const first = await trader.trade('SOL-PERP', 'long', 2n * 10n ** 8n, 500);
      await indexer().nudge(first, 10_000);
      const before = await until('the first trade is in the database', async () => {
        const views = await viewsOf(trader);
        return views.fills.length === 1 && views;
      });
      // From here on nothing gets final until the fork.
      await control({ advance_slots: 40 });
      await until('all of it is final', async () => {
        const { value } = { value: await trader.chain.rpc.getSlot('finalized') };
        return value > 0 && (await indexer().status()).holes.length === 0;
      });
      const slot = await trader.chain.rpc.getSlot('confirmed');
      const kept: string[] = [];
      const gone = [await trader.deposit(11n)];
      kept.push(await trader.deposit(12n));
      gone.push(await trader.trade('SOL-PERP', 'long', 3n * 10n ** 8n, 500));
      // The chain stands still from here on: however long the others take, what is to vanish is not too old for the fork.
      await control({ slots: 'paused' });
      await indexer().nudge(gone[1] ?? '', 10_000);
      await until('the database has what will vanish', async () => (await viewsOf(trader)).fills.length === 2);

      const now = await trader.chain.rpc.getSlot('confirmed');
      await control({ fork: { slots: Math.min(32, now - slot + 1), keep: kept } });
      await control({ slots: 'running', advance_slots: 40 });

      const after = await until(
        'the views follow the chain',
        async () => {
          const views = await viewsOf(trader);
          const isBack = views.fills.length === 1 && views.nextSeq === (views.onChain.account?.seq ?? 0n) + 1n;
          return isBack && views.transfers.every(({ transactionHash }) => !gone.includes(transactionHash)) && views;
        },
        settledMsMax,
      );
      expect(after.fills).toEqual([first]);
      expect(after.positions).toEqual(before.positions);
      const landed = await trader.chain.rpc.getSignatureStatuses(kept, true);
      const deposits = after.transfers.filter(({ transactionHash }) => kept.includes(transactionHash));
      expect(deposits).toHaveLength(landed.filter((status) => status !== null).length);

      const object = await until('the object follows the chain', async () => {
        const { object: view, onChain } = await viewsOf(trader);
        return view.account?.collateral === onChain.account?.collateral && view;
      });
      const position = after.onChain.positions.get('SOL-PERP');
      expect(object.account?.seq).toBe(after.onChain.account?.seq);
      expect(object.positions.map(({ position: { size, seq } }) => ({ size, seq }))).toEqual([
        { size: position?.size, seq: position?.seq },
      ]);
      const market = await until(
        'the market follows the chain',
        async () => {
          const [{ nextMarketSeq }, account] = await Promise.all([
            env.MARKETS.getByName('SOL-PERP').sweep(),
            trader.chain.readMarket('SOL-PERP'),
          ]);
          return nextMarketSeq === (account?.eventSeq ?? 0n) + 1n && account;
        },
        settledMsMax,
      );
      expect((await env.MARKETS.getByName('SOL-PERP').snapshot()).market?.long.size).toBe(market.long.size);
      await until('no hole is left', async () => (await indexer().status()).holes.length === 0);

      // Life goes on: the next event of every stream is applied in its place.
      const next = await trader.deposit(13n);
      await indexer().nudge(next, 10_000);
      await until('the next deposit is in the database', async () => {
        const views = await viewsOf(trader);
        return views.transfers.some(({ transactionHash }) => transactionHash === next);
      });
    },
  );
});
