import type { PublicKey } from '@solana/web3.js';
import {
  Keypair,
  NONCE_ACCOUNT_LENGTH,
  SystemProgram,
  Transaction,
  type TransactionInstruction,
} from '@solana/web3.js';
import bs58 from 'bs58';
import { expect, it } from 'vitest';
import idl from '#program/quantdesk_perp_dex.json' with { type: 'json' };
import { BASE, type TestExchange, USDC, defaultConfig, defaultOracle, must } from '#support/program/exchange.ts';
import * as build from '#support/program/instructions.ts';
import { bn } from '#support/program/plain.ts';
import { exchangePerTest } from '#support/program/suite.ts';

const exchange = exchangePerTest();

/** A nonce account as the system program keeps it, initialised, with a nonce of another block. */
function nonceAccount(authority: PublicKey): { key: PublicKey; nonce: string } {
  const key = Keypair.generate().publicKey;
  const nonce = new Uint8Array(32).fill(9);
  const data = Buffer.alloc(NONCE_ACCOUNT_LENGTH);
  data.writeUInt32LE(1, 0);
  data.writeUInt32LE(1, 4);
  data.set(authority.toBytes(), 8);
  data.set(nonce, 40);
  data.writeBigUInt64LE(5_000n, 72);
  exchange().chain.setData(key, SystemProgram.programId, data, 10n ** 9n);
  return { key, nonce: bs58.encode(nonce) };
}

/** Signs and runs a transaction that a durable nonce keeps valid. */
function sendWithNonce(instruction: TransactionInstruction, signers: readonly Keypair[]) {
  const { feePayer } = exchange().chain;
  const { key, nonce } = nonceAccount(feePayer.publicKey);
  const advance = SystemProgram.nonceAdvance({ noncePubkey: key, authorizedPubkey: feePayer.publicKey });
  const transaction = new Transaction({ recentBlockhash: nonce, feePayer: feePayer.publicKey });
  transaction.add(advance, instruction).sign(feePayer, ...signers);
  return exchange().chain.run(transaction);
}

/** Every instruction of a role, as its holder would send it, where all but the nonce is right. */
const instructions: Readonly<Record<string, (on: TestExchange) => Promise<[TransactionInstruction, Keypair]>>> = {
  accept_admin: async ({ admin }) => [await build.acceptAdmin(admin.publicKey), admin],
  add_keeper: async ({ admin }) => [await build.addKeeper(admin.publicKey, Keypair.generate().publicKey), admin],
  cancel_change: async (on) => {
    await propose(on);
    return [await build.cancelChange(on.admin.publicKey, 0n, on.admin.publicKey), on.admin];
  },
  create_market: async ({ admin }) => {
    const symbol = Array.from(Buffer.from('NEXT-PERP'.padEnd(16, '\0')));
    const oracle = defaultOracle(Keypair.generate().publicKey, new Uint8Array(32).fill(8));
    const args = { symbol, oracle, config: defaultConfig() };
    return [await build.createMarket(admin.publicKey, admin.publicKey, 1, args), admin];
  },
  pause_operations: async ({ admin }) => [await build.pauseOperations(admin.publicKey, 1), admin],
  propose_admin: async ({ admin }) => [await build.proposeAdmin(admin.publicKey, null), admin],
  propose_change: async ({ admin }) => [await build.proposeChange(admin.publicKey, admin.publicKey, 0n, topup), admin],
  remove_keeper: async ({ admin, keeper }) => [await build.removeKeeper(admin.publicKey, keeper.publicKey), admin],
  resume_operations: async ({ admin }) => [await build.resumeOperations(admin.publicKey, 1), admin],
  set_market_status: async ({ admin, market }) => [
    await build.setMarketStatus(admin.publicKey, market.key, { halted: {} }),
    admin,
  ],
  tighten_market: async ({ admin, market }) => {
    const limits = {
      maxLeverage: 10,
      maxLongOi: bn(1_000n * BASE),
      maxShortOi: bn(1_000n * BASE),
      maxSkewBps: 5_000,
      maxUtilisationBps: 5_000,
      maxEmaDivergenceBps: 100,
    };
    return [await build.tightenMarket(admin.publicKey, market.key, limits), admin];
  },
  withdraw_treasury: async (on) => {
    const { treasuryAuthority } = on;
    return [await build.withdrawTreasury(treasuryAuthority.publicKey, on.holder().tokens, 1n), treasuryAuthority];
  },
};
const topup: build.ProposedChange = { insuranceTopup: { capPerHour: bn(USDC) } };

async function propose(on: TestExchange): Promise<void> {
  const { admin } = on;
  must(on.send([await build.proposeChange(admin.publicKey, admin.publicKey, 0n, topup)], [admin]));
}

it('a durable-nonce transaction works for a trader, who alone decides for himself', async () => {
  const trader = await exchange().trader();
  const deposit = await build.depositCollateral(trader.wallet.publicKey, trader.tokens, USDC);
  must(sendWithNonce(deposit, [trader.wallet]));
});

it('every instruction of a role is among those tested here', () => {
  const ofRoles = idl.instructions
    .filter(({ accounts }) => accounts.some(({ name }) => name === 'instructions_sysvar'))
    .map(({ name }) => name);
  expect(Object.keys(instructions).sort()).toEqual([...ofRoles].sort());
});

it.each(Object.keys(instructions))('%s is refused in a durable-nonce transaction', async (name) => {
  const built = await instructions[name]?.(exchange());
  if (built === undefined) throw new Error(`no ${name}`);
  const [instruction, signer] = built;
  expect(sendWithNonce(instruction, [signer]).error).toBe('DurableNonce');
});
