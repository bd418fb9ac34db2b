import {
  AddressLookupTableAccount,
  Keypair,
  type PublicKey,
  SystemProgram,
  TransactionInstruction,
  TransactionMessage,
  VersionedTransaction,
} from '@solana/web3.js';
import { createTransferInstruction } from '@solana/spl-token';
import idl from '#program/quantdesk_perp_dex.json' with { type: 'json' };
import { quote } from '#shared/money/units.ts';
import type { BuildTransactionRequest } from '#shared/protocol/transactions.ts';
import { describe, expect, test } from 'vitest';
import { checkTransaction } from '../../web/src/data/wallet/check/transaction.ts';
import { WalletRefused } from '../../web/src/data/wallet/types.ts';
import { Addresses } from '../../workers/chain/addresses.ts';
import type { Chain, TraderAccounts } from '../../workers/chain/chain.ts';
import { computeBudget, Instructions } from '../../workers/chain/instructions.ts';
import { buildTransaction } from '../../workers/chain/transactions.ts';
import { buildAction } from '../../workers/chain/user-actions.ts';

const usdcMint = '4zMMC9srt5Ri5X14GAgXhaHii3GnPAEERYPJgZJDncDU';
const blockhash = '11111111111111111111111111111111';
const nowMs = Date.parse('2026-11-23T12:00:00.000Z');
const [trader, stranger, feePayer] = [1, 2, 3].map((byte) => Keypair.fromSeed(new Uint8Array(32).fill(byte))) as [
  Keypair,
  Keypair,
  Keypair,
];
const owner = trader.publicKey;
const addresses = new Addresses(idl.address, usdcMint);
const instructions = new Instructions(addresses);
const chain = { instructions, feePayer: () => feePayer, keeper: stranger.publicKey } as unknown as Chain;

const held = {
  account: {},
  positions: new Map([['SOL-PERP', { side: 'long', size: 1n, seq: 3n }]]),
} as unknown as TraderAccounts;
const none = { slot: 1, account: null, positions: new Map() } as TraderAccounts;

/** What the exchange builds for a request, without the compute budget. */
function builtFor(request: BuildTransactionRequest, mustQueue = false) {
  const trader = request.action === 'open_account' ? none : held;
  const context = { owner, trader, snapshot: null, minPublishTime: 0, nowMs, mustQueue };
  const built = buildAction(chain, request, context);
  if (!built.ok) throw new Error(built.error.message);
  return built.value;
}

const wireOf = (acting: TransactionInstruction[], payer: PublicKey = feePayer.publicKey): Uint8Array =>
  buildTransaction([...computeBudget(200_000, 1_000), ...acting], payer, blockhash).serialize();

const check = (request: BuildTransactionRequest, transaction: Uint8Array, changed: object = {}) =>
  checkTransaction(transaction, {
    request,
    wallet: owner.toBase58(),
    named: { program: idl.address, usdcMint },
    ...{ usdcMint, nowMs },
    ...changed,
  });

const requests: readonly BuildTransactionRequest[] = [
  { action: 'open_account', params: { deposit: quote(5_000_000_000n), delegate: true } },
  { action: 'open_account', params: { delegate: false } },
  { action: 'deposit', params: { amount: quote(10_500_000n) } },
  { action: 'withdraw', params: { amount: quote(1n) } },
  { action: 'cancel_withdrawal', params: {} },
  {
    action: 'set_delegate',
    params: { expires_at: '2026-12-01T10:20:30.500Z', turnover_cap: quote(100_000_000_000n) },
  },
  { action: 'set_delegate', params: {} },
  { action: 'revoke_delegate', params: {} },
  { action: 'request_close', params: { symbol: 'SOL-PERP' } },
  { action: 'add_liquidity', params: { amount: quote(250_000_000n) } },
  { action: 'remove_liquidity', params: { shares: quote(7_000_000n) } },
];

describe('what the exchange builds for an action of the terminal', () => {
  test.each(requests)('is signed, and says the same of itself as the exchange does: $action', async (request) => {
    const { instructions: acting, summary } = builtFor(request);
    const told = await check(request, wireOf(acting));
    // Only its side cannot be read from a request to close: the program closes whatever there is.
    const expected = request.action === 'request_close' ? [expect.stringContaining('SOL-PERP position')] : summary;
    expect(told).toEqual(expected);
  });

  test('is signed where a withdrawal has to wait for its turn', async () => {
    const request: BuildTransactionRequest = { action: 'withdraw', params: { amount: quote(9n) } };
    const { instructions: acting, summary } = builtFor(request, true);
    expect(await check(request, wireOf(acting))).toEqual(summary);
  });
});

const amount = quote(10_000_000n);
const deposit: BuildTransactionRequest = { action: 'deposit', params: { amount } };
const asBuilt = () => builtFor(deposit).instructions;

const transfer = SystemProgram.transfer({
  fromPubkey: owner,
  toPubkey: stranger.publicKey,
  lamports: 5_000_000_000,
});
const tokenTransfer = createTransferInstruction(
  addresses.usdcAccount(owner),
  addresses.usdcAccount(stranger.publicKey),
  owner,
  1_000_000n,
);
const advance = SystemProgram.nonceAdvance({ noncePubkey: stranger.publicKey, authorizedPubkey: stranger.publicKey });

/** The instruction with one account replaced. */
function withAccount(index: number, pubkey: PublicKey): TransactionInstruction[] {
  const [first] = asBuilt();
  if (first === undefined) throw new Error('nothing was built');
  const keys = first.keys.map((key, at) => (at === index ? { ...key, pubkey } : key));
  return [new TransactionInstruction({ programId: first.programId, keys, data: first.data })];
}

function ofProgram(programId: PublicKey): TransactionInstruction[] {
  return asBuilt().map(({ keys, data }) => new TransactionInstruction({ programId, keys, data }));
}

function withTrailing(bytes: number[]): TransactionInstruction[] {
  return asBuilt().map(
    ({ programId, keys, data }) =>
      new TransactionInstruction({ programId, keys, data: Buffer.from([...data, ...bytes]) }),
  );
}

describe('a deposit of 10 USDC', () => {
  test.each<readonly [string, () => TransactionInstruction[]]>([
    ['a transfer of SOL alone', () => [transfer]],
    ['a transfer of SOL beside it', () => [...asBuilt(), transfer]],
    ['a transfer of tokens beside it', () => [...asBuilt(), tokenTransfer]],
    ['a durable nonce, with which it could be sent at any time', () => [advance, ...asBuilt()]],
    ['another amount', () => [instructions.deposit(owner, amount + 1n)]],
    ['the deposit twice', () => [...asBuilt(), ...asBuilt()]],
    ['nothing but compute budget', () => []],
    ['the account of another owner', () => [instructions.deposit(stranger.publicKey, amount)]],
    ["another wallet's trading account", () => withAccount(3, addresses.userAccount(stranger.publicKey))],
    ['another vault', () => withAccount(4, stranger.publicKey)],
    ['another source', () => withAccount(5, addresses.usdcAccount(stranger.publicKey))],
    ['another program', () => ofProgram(stranger.publicKey)],
    ['more bytes than the instruction has', () => withTrailing([0])],
    ['a delegation beside it', () => builtFor({ action: 'set_delegate', params: {} }).instructions.concat(asBuilt())],
  ])('is not signed with %s', async (_name, build) => {
    await expect(check(deposit, wireOf(build()))).rejects.toThrow(WalletRefused);
  });

  test('is not signed where the wallet would pay for it, or is not asked to sign', async () => {
    await expect(check(deposit, wireOf(asBuilt(), owner))).rejects.toThrow(WalletRefused);
    const foreign = { wallet: stranger.publicKey.toBase58() };
    await expect(check(deposit, wireOf(asBuilt()), foreign)).rejects.toThrow(WalletRefused);
  });

  test('is not signed with accounts behind a lookup table', async () => {
    const state = {
      deactivationSlot: 2n ** 64n - 1n,
      lastExtendedSlot: 0,
      lastExtendedSlotStartIndex: 0,
      addresses: [addresses.vault, addresses.exchange, addresses.outflow],
    };
    const table = new AddressLookupTableAccount({ key: stranger.publicKey, state });
    const message = new TransactionMessage({
      payerKey: feePayer.publicKey,
      recentBlockhash: blockhash,
      instructions: asBuilt(),
    });
    const transaction = new VersionedTransaction(message.compileToV0Message([table])).serialize();
    await expect(check(deposit, transaction)).rejects.toThrow(WalletRefused);
  });

  test('is not signed where the exchange names another program or another mint', async () => {
    const other = stranger.publicKey.toBase58();
    const named = { program: idl.address, usdcMint };
    const checkNamed = (changed: object) => check(deposit, wireOf(asBuilt()), { named: { ...named, ...changed } });
    await expect(checkNamed({ program: other })).rejects.toThrow('another program');
    await expect(checkNamed({ usdcMint: other })).rejects.toThrow('another USDC');
    // An exchange that names the right mint and builds with another one.
    await expect(
      check(deposit, wireOf(asBuilt()), { usdcMint: other, named: { ...named, usdcMint: other } }),
    ).rejects.toThrow(WalletRefused);
  });

  test.each([0, 1, 40, 200])('is not signed with its bytes cut at %i', async (length) => {
    await expect(check(deposit, wireOf(asBuilt()).slice(0, length))).rejects.toThrow(WalletRefused);
  });
});

describe('a delegation', () => {
  const limits = { expiresAt: BigInt(nowMs / 1_000 + 86_400), turnoverCap: 5_000_000n, maxSlippageBps: 200 };
  const asked: BuildTransactionRequest = {
    action: 'set_delegate',
    params: { expires_at: new Date(nowMs + 86_400_000).toISOString(), turnover_cap: quote(5_000_000n) },
  };

  test.each<readonly [string, Partial<typeof limits>]>([
    ['a later end', { expiresAt: limits.expiresAt + 1n }],
    ['a higher cap', { turnoverCap: limits.turnoverCap + 1n }],
    ['more room from the oracle price', { maxSlippageBps: 201 }],
  ])('is not signed with %s than asked for', async (_name, changed) => {
    const wire = (terms: typeof limits) => wireOf([instructions.setDelegate(owner, terms)]);
    await expect(check(asked, wire(limits))).resolves.toHaveLength(2);
    await expect(check(asked, wire({ ...limits, ...changed }))).rejects.toThrow(WalletRefused);
  });

  test('is not replaced by opening an account that is open already', async () => {
    const open: BuildTransactionRequest = { action: 'open_account', params: { delegate: true, deposit: amount } };
    const [, delegation, moved] = builtFor(open).instructions;
    if (delegation === undefined || moved === undefined) throw new Error('nothing was built');
    await expect(check(open, wireOf([delegation, moved]))).rejects.toThrow(WalletRefused);
  });
});
