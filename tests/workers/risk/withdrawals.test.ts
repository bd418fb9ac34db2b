import { env } from 'cloudflare:workers';
import type { TransactionInstruction } from '@solana/web3.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { createDatabase } from '#db/client.ts';
import { createTransferRepository } from '#db/repositories/transfers.ts';
import { chainOf } from '../../../workers/chain/chain.ts';
import { readWithdrawal } from '../../../workers/chain/pool-accounts.ts';
import { signTransaction } from '../../../workers/chain/transactions.ts';
import { readSettings } from '../../../workers/env.ts';
import { serveWithdrawals } from '../../../workers/risk/withdrawals.ts';
import { usdc, Wallet } from '../account/wallet.ts';
import { until } from '../market/hermes-control.ts';

const settings = readSettings(env);
const chain = chainOf(settings);
const indexer = () => env.INDEXER.getByName('main');
const transfers = createTransferRepository(
  createDatabase({ databaseUrl: settings.DATABASE_URL, httpEndpoint: settings.DATABASE_HTTP_ENDPOINT }),
);
const confirmMsMax = 10_000;

async function send(wallet: Wallet, instruction: TransactionInstruction): Promise<void> {
  const signed = signTransaction([instruction], wallet.keypair, [], await chain.rpc.getLatestBlockhash());
  await chain.rpc.sendTransaction(signed.wire);
  expect((await chain.confirm(signed, confirmMsMax)).kind).toBe('landed');
}

/** USDC in the wallet's own token account. */
async function balance(wallet: Wallet): Promise<bigint> {
  const account = await chain.rpc.getAccount(chain.addresses.usdcAccount(wallet.keypair.publicKey).toBase58());
  const amountOffset = 64;
  if (account === null) return 0n;
  return new DataView(account.data.buffer, account.data.byteOffset).getBigUint64(amountOffset, true);
}

const isQueued = async (wallet: Wallet): Promise<boolean> =>
  (await readWithdrawal(chain, wallet.keypair.publicKey)) !== null;

const statusOf = async (wallet: Wallet) => {
  const { rows } = await transfers.list(wallet.userId, {});
  return rows.filter(({ kind }) => kind === 'withdrawal').map(({ status, amount, paid }) => [status, amount, paid]);
};

/** Serves until nobody of these waits any more, as sweeps do. */
const served = (...wallets: Wallet[]): Promise<unknown> =>
  until('the queue is served', async () => {
    await serveWithdrawals(chain, indexer());
    return (await Promise.all(wallets.map(isQueued))).every((waits) => !waits);
  });

describe('withdrawals that wait for their turn', () => {
  // Loading the worker takes seconds on a busy machine; no test should pay for it.
  beforeAll(() => indexer().status());

  it('a withdrawal for which there is no room is built as a place in the queue, and says so', async () => {
    const wallet = await Wallet.open(1_000n);
    // More than the limit of the local network: refused for want of room before anything else is looked at.
    const request = { action: 'withdraw', params: { amount: usdc(500_000_000n) as never } } as const;
    const built = await wallet.account.buildTransaction(request);
    if (!built.ok) return expect.fail(built.error.message);
    expect(built.value.queued).toBe(true);
    expect(built.value.summary[0]).toMatch(/^Queue a withdrawal of 500,000,000 USDC: /);
    const fits = await wallet.account.buildTransaction({ action: 'withdraw', params: { amount: usdc(1n) as never } });
    expect(fits.ok && fits.value.queued).toBeUndefined();

    const owner = wallet.keypair.publicKey;
    await send(wallet, chain.instructions.queueWithdrawal(owner, owner, usdc(1n)));
    expect(await wallet.account.buildTransaction(request)).toMatchObject({ ok: false, error: { code: 'TRADING_016' } });
    await served(wallet);
  });

  it('those who wait are paid in their order, and what became of them is shown', async () => {
    const wallets = [await Wallet.open(1_000n), await Wallet.open(1_000n)];
    const before = await Promise.all(wallets.map(balance));
    for (const [place, wallet] of wallets.entries()) {
      const owner = wallet.keypair.publicKey;
      await send(wallet, chain.instructions.queueWithdrawal(owner, owner, usdc(400n + BigInt(place))));
    }
    await until('the collateral is gone', async () => {
      const views = await Promise.all(wallets.map((wallet) => wallet.account.state()));
      return views.every(({ account }, place) => account?.collateral === usdc(600n - BigInt(place)));
    });
    await served(...wallets);
    const after = await Promise.all(wallets.map(balance));
    expect(after.map((now, place) => now - (before[place] ?? 0n))).toEqual([usdc(400n), usdc(401n)]);
    await until('both are shown as done', async () => {
      const shown = (await Promise.all(wallets.map(statusOf))).flat();
      return shown.length === 2 && shown.every(([status, amount, paid]) => status === 'done' && amount === paid);
    });
  });

  it('one that was cancelled is collateral again, and its place passes', async () => {
    const wallet = await Wallet.open(1_000n);
    const owner = wallet.keypair.publicKey;
    await send(wallet, chain.instructions.queueWithdrawal(owner, owner, usdc(300n)));
    await wallet.act({ action: 'cancel_withdrawal', params: {} });
    await until('collateral', async () => (await wallet.account.state()).account?.collateral === usdc(1_000n));
    await served(wallet);
    await until('cancelled', async () => (await statusOf(wallet))[0]?.[0] === 'cancelled');
    await until('nobody waits', async () => (await indexer().queuedWithdrawals(10)).length === 0);
  });
});
