import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Keypair, type TransactionInstruction } from '@solana/web3.js';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import idl from '#program/quantdesk_perp_dex.ts';
import { encodeAccount, program } from '#support/program/client.ts';
import { startHermes, type HermesServer } from '../../local/hermes/server.ts';
import { startLocalSolana, type LocalSolana } from '../../local/solana/server.ts';
import { Store } from '../../local/solana/store.ts';
import { bootstrap } from '../../local/bootstrap/bootstrap.ts';
import { addressOf, newKeys } from '../../local/supervisor/keys.ts';
import { workerVariables } from '../../local/supervisor/worker-variables.ts';
import { Chain, tradeComputeUnitsMax } from '../../workers/chain/chain.ts';
import { signFaucetDrop } from '../../workers/chain/faucet.ts';
import { computeBudget } from '../../workers/chain/instructions.ts';
import { type SignedTransaction, signTransaction } from '../../workers/chain/transactions.ts';
import { parseSettings } from '../../workers/env.ts';
import { closeCapped, liquidate } from '../../workers/risk/liquidate.ts';
import { settleDriftedMarkets } from '../../workers/risk/settle-markets.ts';
import { keepUp } from '../../workers/risk/upkeep.ts';

const SOL = 'SOL-PERP';
const base = (whole: bigint): bigint => whole * 10n ** 8n;
const usdc = (whole: bigint): bigint => whole * 10n ** 6n;
const highest = 2n ** 63n - 1n;
const confirmMsMax = 10_000;

// The servers and the keeper read one clock, which these tests put ahead: funding takes hours.
const realNow = Date.now;
let aheadMs = 0;

const keys = newKeys();
const installation = {
  id: idl.address,
  elf: readFileSync('programs/quantdesk-perp-dex/artifacts/quantdesk_perp_dex.so'),
  upgradeAuthority: addressOf(keys.admin),
};
const stateDir = mkdtempSync(join(tmpdir(), 'quantdesk-upkeep-'));
let hermes: HermesServer;
let solana: LocalSolana;
let chain: Chain;

function chainAt(rpcUrl: string): Chain {
  const variables = workerVariables({
    ...{ rpcUrl, hermesUrl: hermes.url, webPort: 5173, programId: idl.address, keys },
    ...{ databaseUrl: 'postgres://nobody@127.0.0.1:1/none', databaseHttpEndpoint: 'http://127.0.0.1:1' },
  });
  return new Chain(parseSettings(variables));
}

async function startChain(): Promise<void> {
  solana = await startLocalSolana({ hermes: hermes.url, programs: [installation], stateDir });
  await bootstrap({ rpcUrl: solana.url, keys });
  chain = chainAt(solana.url);
}

async function landed(signed: SignedTransaction): Promise<void> {
  await chain.rpc.sendTransaction(signed.wire);
  expect(await chain.confirm(signed, confirmMsMax)).toMatchObject({ kind: 'landed' });
}

async function send(owner: Keypair, instructions: TransactionInstruction[]): Promise<void> {
  const signers = instructions.some(({ keys: accounts }) =>
    accounts.some((key) => key.isSigner && key.pubkey.equals(chain.keeper)),
  )
    ? [owner, chain.keys.keeper]
    : [owner];
  const all = [...computeBudget(tradeComputeUnitsMax, 0), ...instructions];
  await landed(signTransaction(all, chain.feePayer(owner.publicKey), signers, await chain.rpc.getLatestBlockhash()));
}

/** SOL at a price, on chain, in the next second. Answers its publish time. */
async function priceIs(usd: string): Promise<number> {
  const after = Math.floor(Date.now() / 1_000);
  hermes.control({ price: { base: 'SOL', usd, conf: '0.01' } });
  const posted = await chain.oracle.ensure(SOL, after + 1, confirmMsMax);
  return Number(posted?.update.publishTime ?? expect.fail());
}

/** A trader with an open long. */
async function long(usd: string, size: bigint, leverageE2: number, deposit: bigint): Promise<Keypair> {
  const owner = Keypair.generate();
  const drop = await signFaucetDrop(chain, owner.publicKey.toBase58());
  if (drop === null || drop === 'empty') throw new Error('no faucet');
  await landed(drop);
  const { instructions } = chain;
  const payer = chain.feePayer(owner.publicKey).publicKey;
  await send(owner, [
    instructions.openUserAccount(owner.publicKey, payer),
    instructions.createPosition(owner.publicKey, SOL, payer),
    instructions.deposit(owner.publicKey, deposit),
  ]);
  const minPublishTime = await priceIs(usd);
  const input = {
    side: 'long',
    size,
    leverageE2,
    worstPrice: highest,
    orderId: null,
    expectedSeq: 0n,
    minPublishTime,
  } as const;
  await send(owner, [instructions.openPosition(owner.publicKey, SOL, signersOf(owner), input)]);
  return owner;
}

const signersOf = (owner: Keypair) => ({ keeper: chain.keeper, ownerSigner: owner.publicKey });
const positionOf = async (owner: Keypair) =>
  (await chain.readTrader(owner.publicKey.toBase58())).positions.get(SOL) ?? expect.fail();

/** Does for SOL what is named, as the sweep does. */
const upkeep = (due: { settle?: Keypair[]; pay?: Keypair[] }) => {
  const addresses = (owners: Keypair[] = []) => owners.map(({ publicKey }) => publicKey.toBase58());
  const named = { settle: addresses(due.settle), pay: addresses(due.pay) };
  return keepUp(chain, (symbol) => ({
    upkeepDue: async () => (symbol === SOL ? named : { settle: [], pay: [] }),
  }));
};

describe('what the sweep does for positions, on the running chain', () => {
  beforeAll(async () => {
    vi.spyOn(Date, 'now').mockImplementation(() => realNow() + aheadMs);
    hermes = await startHermes();
    await startChain();
  });
  afterAll(async () => {
    await Promise.all([solana.close(), hermes.close()]);
    vi.restoreAllMocks();
    rmSync(stateDir, { recursive: true, force: true });
  });

  it('settles funding and borrow that have grown worth it, once, and leaves the command number as it is', async () => {
    const owner = await long('150', base(2_000n), 4_000, usdc(9_900n));
    const before = await positionOf(owner);
    expect(await upkeep({ settle: [owner] })).toMatchObject({ [SOL]: { due: 1, landed: 0 } });
    aheadMs += 3_600_000;
    await priceIs('150');
    expect(await upkeep({ settle: [owner] })).toMatchObject({ [SOL]: { due: 1, landed: 1 } });
    const after = await positionOf(owner);
    expect(after).toMatchObject({ size: before.size, seq: before.seq, eventSeq: before.eventSeq + 1n });
    expect(before.margin - after.margin).toBeGreaterThanOrEqual(usdc(5n));
    expect(await upkeep({ settle: [owner] })).toMatchObject({ [SOL]: { landed: 0 } });
  });

  it('pays what a liquidation could not, as soon as the market has it again, once', async () => {
    const owner = await long('150', base(10n), 1_000, usdc(1_000n));
    const minPublishTime = await priceIs('170');
    const { margin, seq: expectedSeq } = await positionOf(owner);
    const input = { amount: margin, orderId: null, expectedSeq, minPublishTime };
    await send(owner, [chain.instructions.removeMargin(owner.publicKey, SOL, signersOf(owner), input)]);
    // A pool that lost what it had in this market: nothing but a rewritten state gets there in the time of a test.
    await solana.close();
    await emptyBacking();
    await startChainAgain();
    await priceIs('151');
    expect(await liquidate(chain, owner.publicKey.toBase58(), SOL)).toMatchObject({ kind: 'landed' });
    const { payoutOwed } = await positionOf(owner);
    expect(payoutOwed).toBeGreaterThan(0n);
    expect(await upkeep({ pay: [owner] })).toMatchObject({ [SOL]: { due: 1, landed: 0 } });
    expect(await settleDriftedMarkets(chain)).toMatchObject({ [SOL]: { kind: 'landed' } });
    const { account } = await chain.readTrader(owner.publicKey.toBase58());
    expect(await upkeep({ pay: [owner] })).toMatchObject({ [SOL]: { due: 1, landed: 1 } });
    expect((await positionOf(owner)).payoutOwed).toBe(0n);
    const paid = (await chain.readTrader(owner.publicKey.toBase58())).account;
    expect((paid?.collateral ?? 0n) - (account?.collateral ?? 0n)).toBe(payoutOwed);
    expect(await upkeep({ pay: [owner] })).toMatchObject({ [SOL]: { landed: 0 } });
  });
});

describe('a position at its cap', () => {
  it('that the pool cannot pay is no failure but put off, and closed when the pool has it again', async () => {
    vi.spyOn(Date, 'now').mockImplementation(() => realNow() + aheadMs);
    hermes = await startHermes();
    await startChain();
    try {
      const owner = await long('150', base(10n), 1_000, usdc(1_000n));
      await solana.close();
      await emptyBacking();
      await startChainAgain();
      await priceIs('230');
      const address = owner.publicKey.toBase58();
      expect(await closeCapped(chain, address, SOL)).toEqual({ kind: 'unpaid', why: 'PoolShort' });
      expect(await settleDriftedMarkets(chain)).toMatchObject({ [SOL]: { kind: 'landed' } });
      expect(await closeCapped(chain, address, SOL)).toMatchObject({ kind: 'landed' });
      expect(await closeCapped(chain, address, SOL)).toMatchObject({ kind: 'over' });
    } finally {
      await Promise.all([solana.close(), hermes.close()]);
      rmSync(stateDir, { recursive: true, force: true });
    }
  });
});

/** Moves the market's whole backing to the pool's free money, and insurance's money too: the books stay balanced. */
async function emptyBacking(): Promise<void> {
  const store = new Store(stateDir);
  const accounts = new Map([...store.accounts()].map((account) => [account.address, account]));
  const at = (address: { toBase58(): string }) => accounts.get(address.toBase58()) ?? expect.fail();
  const { addresses } = chain;
  const [market, pool, insurance] = [at(addresses.market(SOL)), at(addresses.pool), at(addresses.insurance)];
  const state = program.coder.accounts.decode('market', Buffer.from(market.data));
  const pooled = program.coder.accounts.decode('pool', Buffer.from(pool.data));
  const insured = program.coder.accounts.decode('insurance', Buffer.from(insurance.data));
  pooled.free = pooled.free.add(state.backing).add(insured.balance);
  state.backing = state.backing.muln(0);
  insured.balance = insured.balance.muln(0);
  store.putAccount({ ...market, data: await encodeAccount('market', state) });
  store.putAccount({ ...pool, data: await encodeAccount('pool', pooled) });
  store.putAccount({ ...insurance, data: await encodeAccount('insurance', insured) });
  store.close();
}

/** As after a restart of the local network; its bootstrap would fill the market's backing again. */
async function startChainAgain(): Promise<void> {
  solana = await startLocalSolana({ hermes: hermes.url, programs: [installation], stateDir });
  chain = chainAt(solana.url);
}
