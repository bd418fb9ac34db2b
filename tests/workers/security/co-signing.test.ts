import {
  AddressLookupTableAccount,
  ComputeBudgetProgram,
  Keypair,
  PublicKey,
  SystemProgram,
  TransactionInstruction,
  TransactionMessage,
  VersionedTransaction,
} from '@solana/web3.js';
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { chainOf } from '../../../workers/chain/chain.ts';
import { base64OfBytes, bytesOfBase64 } from '../../../workers/chain/rpc.ts';
import { readSettings } from '../../../workers/env.ts';
import { usdc, Wallet } from '../account/wallet.ts';

const LIGHTHOUSE = new PublicKey('L2TExMFKdjpN9kozasaurPirfHy9P8sbXoAN1qA3S95');
const chain = () => chainOf(readSettings(env));

let wallet: Wallet;
let stranger: Wallet;
beforeAll(async () => {
  [wallet, stranger] = await Promise.all([Wallet.open(100n), Wallet.open(100n)]);
});

const feePayer = (): PublicKey => chain().feePayer(wallet.keypair.publicKey).publicKey;
const lamports = (address: PublicKey): Promise<bigint> => chain().rpc.getBalance(address.toBase58());

async function built(): Promise<VersionedTransaction> {
  const answer = await wallet.account.buildTransaction({ action: 'withdraw', params: { amount: usdc(1n) as never } });
  if (!answer.ok) throw new Error(answer.error.message);
  return VersionedTransaction.deserialize(bytesOfBase64(answer.value.transaction));
}

async function submit(transaction: VersionedTransaction): Promise<string> {
  const answer = await wallet.account.submitTransaction(wallet.sign(base64OfBytes(transaction.serialize())));
  return answer.ok ? answer.value.status : answer.error.code;
}

/** How many transactions the exchange counts as paid: for the wallet, and in the budgets of its fee payer. */
const counted = (): Promise<[number, number]> =>
  Promise.all([countIn(wallet.address, 'sponsored'), countIn(feePayer().toBase58(), 'sponsorships')]);

const countIn = (address: string, table: string): Promise<number> =>
  runInDurableObject(
    env.ACCOUNTS.getByName(address),
    (_object: unknown, { storage }: DurableObjectState) =>
      storage.sql.exec<{ size: number }>(`SELECT COUNT(*) AS size FROM ${table}`).one().size,
  );

/** The built transaction with its message changed, signed by the trader. */
async function changed(
  change: (message: TransactionMessage) => void,
  tables: AddressLookupTableAccount[] = [],
): Promise<string> {
  const message = TransactionMessage.decompile((await built()).message);
  change(message);
  return submit(new VersionedTransaction(message.compileToV0Message(tables)));
}

const push =
  (...instructions: TransactionInstruction[]) =>
  (message: TransactionMessage) =>
    void message.instructions.push(...instructions);
const noted = (...keys: PublicKey[]) =>
  new TransactionInstruction({
    programId: LIGHTHOUSE,
    keys: keys.map((pubkey) => ({ pubkey, isSigner: false, isWritable: true })),
    data: Buffer.from([0]),
  });

describe('the exchange signs nothing but what it built', () => {
  const refused: [string, () => Parameters<typeof changed>][] = [
    [
      "a transfer of the fee payer's money",
      () => [push(SystemProgram.transfer({ fromPubkey: feePayer(), toPubkey: wallet.keypair.publicKey, lamports: 1 }))],
    ],
    [
      'a call of another program with the fee payer among its accounts',
      () => [push(SystemProgram.allocate({ accountPubkey: feePayer(), space: 8 }))],
    ],
    ['an assertion of Lighthouse that names the fee payer', () => [push(noted(feePayer()))]],
    ['an assertion of Lighthouse that names the keeper', () => [push(noted(chain().keeper))]],
    [
      "another trader's accounts in the place of his own",
      () => [
        (message) => {
          const own = chain().addresses.userAccount(wallet.keypair.publicKey);
          for (const { keys } of message.instructions)
            for (const key of keys)
              if (key.pubkey.equals(own)) key.pubkey = chain().addresses.userAccount(stranger.keypair.publicKey);
        },
      ],
    ],
    ['an instruction twice', () => [(message) => void message.instructions.push(...message.instructions.slice(-1))]],
    ['another fee payer', () => [(message) => void (message.payerKey = wallet.keypair.publicKey)]],
    [
      'a durable nonce, which would let it land at any time',
      () => [
        (message) =>
          void message.instructions.unshift(
            SystemProgram.nonceAdvance({
              noncePubkey: Keypair.generate().publicKey,
              authorizedPubkey: wallet.keypair.publicKey,
            }),
          ),
      ],
    ],
    [
      'a fresh blockhash, with which one build would land again and again',
      () => [(message) => void (message.recentBlockhash = Keypair.generate().publicKey.toBase58())],
    ],
    [
      'a price per compute unit that would drain the fee payer',
      () => [push(ComputeBudgetProgram.setComputeUnitPrice({ microLamports: 200_001 }))],
    ],
    [
      'more compute units than any of our transactions needs',
      () => [push(ComputeBudgetProgram.setComputeUnitLimit({ units: 1_400_000 }))],
    ],
    ['a request for heap', () => [push(ComputeBudgetProgram.requestHeapFrame({ bytes: 256 * 1_024 }))]],
    [
      'a lookup table, whose accounts nobody sees',
      () => {
        const hidden = chain().addresses.userAccount(wallet.keypair.publicKey);
        const table = new AddressLookupTableAccount({
          key: Keypair.generate().publicKey,
          state: {
            deactivationSlot: 2n ** 64n - 1n,
            lastExtendedSlot: 0,
            lastExtendedSlotStartIndex: 0,
            addresses: [hidden, chain().addresses.market('SOL-PERP')],
          },
        });
        return [() => undefined, [table]];
      },
    ],
  ];

  it.each(refused)('%s is refused, and costs the fee payer nothing', async (_what, attempt) => {
    const before = await lamports(feePayer());
    const [change, tables] = attempt();
    expect(await changed(change, tables)).toBe('TRADING_019');
    expect(await lamports(feePayer())).toBe(before);
  });

  it('a signature of the trader over another message, a malleable one, or one too many is refused', async () => {
    const transaction = await built();
    const signed = VersionedTransaction.deserialize(bytesOfBase64(wallet.sign(base64OfBytes(transaction.serialize()))));
    const place = signed.message.staticAccountKeys.findIndex((key) => key.equals(wallet.keypair.publicKey));
    const withSignature = (bytes: Uint8Array): VersionedTransaction => {
      const copy = VersionedTransaction.deserialize(signed.serialize());
      copy.signatures[place] = bytes;
      return copy;
    };
    const send = async (each: VersionedTransaction): Promise<string> => {
      const answer = await wallet.account.submitTransaction(base64OfBytes(each.serialize()));
      return answer.ok ? answer.value.status : answer.error.code;
    };
    const own = signed.signatures[place] ?? new Uint8Array(64);
    expect(await send(withSignature(malleated(own)))).toBe('TRADING_019');
    expect(await send(withSignature(own.map((byte) => byte ^ 1)))).toBe('TRADING_019');
    expect(await send(withSignature(new Uint8Array(64)))).toBe('TRADING_019');

    const twice = signed.serialize();
    const extra = new Uint8Array(twice.length + 64);
    extra.set([(twice[0] ?? 0) + 1]);
    extra.set(own, 1);
    extra.set(twice.subarray(1), 65);
    const answer = await wallet.account.submitTransaction(base64OfBytes(extra));
    expect(answer).toMatchObject({ ok: false, error: { code: 'TRADING_019' } });
  });

  it("what was built for one wallet is not signed for another, nor under another wallet's session", async () => {
    const signed = wallet.sign(base64OfBytes((await built()).serialize()));
    expect(await stranger.account.submitTransaction(signed)).toMatchObject({ error: { code: 'TRADING_019' } });
  });

  it('what wallets add by themselves is let through: a bounded price and an assertion about their own account', async () => {
    expect(await changed(push(ComputeBudgetProgram.setComputeUnitPrice({ microLamports: 100 })))).toBe('confirmed');
  });

  it('a wallet that put in a blockhash of its own is told to build again and to sign what was built', async () => {
    // A blockhash that no build of the exchange carries, whichever slot this falls in.
    const message = TransactionMessage.decompile((await built()).message);
    message.recentBlockhash = Keypair.generate().publicKey.toBase58();
    const signed = wallet.sign(base64OfBytes(new VersionedTransaction(message.compileToV0Message()).serialize()));
    expect(await wallet.account.submitTransaction(signed)).toMatchObject({
      error: { code: 'TRADING_019', message: expect.stringMatching(/blockhash.*[Bb]uild it again/) },
    });
  });

  it('every transaction that costs the fee payer counts once: another message of one build again, the same message not', async () => {
    const [own, all] = await counted();
    const build = await built();
    const variant = (microLamports: number): string => {
      const message = TransactionMessage.decompile(build.message);
      message.instructions.push(ComputeBudgetProgram.setComputeUnitPrice({ microLamports }));
      message.instructions = message.instructions.filter(
        ({ programId, data }, i, all) =>
          !programId.equals(ComputeBudgetProgram.programId) || data[0] !== 3 || i === all.length - 1,
      );
      return wallet.sign(base64OfBytes(new VersionedTransaction(message.compileToV0Message()).serialize()));
    };
    const signatures = new Set<string>();
    for (const signed of [variant(101), variant(102), variant(101), variant(102)]) {
      const answer = await wallet.account.submitTransaction(signed);
      expect(answer).toMatchObject({ ok: true, value: { status: 'confirmed' } });
      if (answer.ok) signatures.add(answer.value.signature);
    }
    expect(signatures.size).toBe(2);
    expect(await counted()).toEqual([own + 2, all + 2]);
  });
});

/** The same signature with s + L in the place of s: valid to a careless verifier (RFC 8032, 5.1.7). */
function malleated(signature: Uint8Array): Uint8Array {
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  const copy = Uint8Array.from(signature);
  let s = 0n;
  for (let i = 63; i >= 32; i--) s = (s << 8n) | BigInt(copy[i] ?? 0);
  s += order;
  for (let i = 32; i < 64; i++) {
    copy[i] = Number(s & 255n);
    s >>= 8n;
  }
  return copy;
}
