import { ed25519 } from '@noble/curves/ed25519.js';
import {
  Keypair,
  Message,
  PublicKey,
  Transaction,
  TransactionMessage,
  VersionedTransaction,
  SystemProgram,
} from '@solana/web3.js';
import { expect, test } from 'vitest';

import { readSignInMessage } from './sign-in-message.ts';
import { MalformedTransaction, fromBase64, placeSignature, readTransaction, toBase64 } from './transaction-bytes.ts';

const [payer, trader] = [Keypair.fromSeed(new Uint8Array(32).fill(1)), Keypair.fromSeed(new Uint8Array(32).fill(2))];
const blockhash = '11111111111111111111111111111111';

const instruction = SystemProgram.transfer({ fromPubkey: trader.publicKey, toPubkey: payer.publicKey, lamports: 1 });

function legacy(): Uint8Array {
  const transaction = new Transaction({ feePayer: payer.publicKey, recentBlockhash: blockhash }).add(instruction);
  return transaction.serialize({ requireAllSignatures: false });
}

function versioned(): Uint8Array {
  const message = new TransactionMessage({
    payerKey: payer.publicKey,
    recentBlockhash: blockhash,
    instructions: [instruction],
  });
  return new VersionedTransaction(message.compileToV0Message()).serialize();
}

test.each([
  ['legacy', legacy],
  ['version 0', versioned],
])("the trader's signature lands in its own place of a %s transaction, as web3.js puts it", (_name, build) => {
  const unsigned = build();
  const { message, signers } = readTransaction(unsigned);
  expect(signers.map((key) => new PublicKey(key).toBase58())).toEqual([
    payer.publicKey.toBase58(),
    trader.publicKey.toBase58(),
  ]);

  const secret = trader.secretKey.slice(0, 32);
  const signed = placeSignature(unsigned, trader.publicKey.toBytes(), ed25519.sign(message, secret));

  const expected = VersionedTransaction.deserialize(unsigned);
  expected.sign([trader]);
  expect(toBase64(signed)).toBe(toBase64(expected.serialize()));
});

test('signing leaves the other signatures and the given bytes alone', () => {
  const unsigned = VersionedTransaction.deserialize(versioned());
  unsigned.sign([payer]);
  const bytes = unsigned.serialize();
  const before = bytes.slice();
  const signed = placeSignature(bytes, trader.publicKey.toBytes(), new Uint8Array(64).fill(7));
  expect(bytes).toEqual(before);
  expect(signed.slice(1, 65)).toEqual(before.slice(1, 65));
});

test('a transaction that asks for nobody of ours is not signed', () => {
  const stranger = Keypair.fromSeed(new Uint8Array(32).fill(9));
  expect(() => placeSignature(legacy(), stranger.publicKey.toBytes(), new Uint8Array(64))).toThrow(
    MalformedTransaction,
  );
});

test.each([
  ['empty', new Uint8Array()],
  ['cut short', legacy().slice(0, 90)],
  ['larger than a packet', new Uint8Array(1_233)],
  ['with a wrong count of signatures', Uint8Array.from([1, ...legacy().slice(1)])],
])('bytes that are %s are refused', (_name, bytes) => {
  expect(() => readTransaction(bytes)).toThrow(MalformedTransaction);
});

test('base64 goes there and back', () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
  expect(fromBase64(toBase64(bytes))).toEqual(bytes);
  expect(Message.from(readTransaction(fromBase64(toBase64(legacy()))).message as Buffer).recentBlockhash).toBe(
    blockhash,
  );
});

test('the fields of a sign-in text are what a wallet needs to word it again', () => {
  const message = [
    'desk.example wants you to sign in with your Solana account:',
    '7UVimffxr9ow1uXYxsr4LHAcV58mLzhmwaeKvJ1pjLiE',
    '',
    'Sign in to QuantDesk.',
    '',
    'URI: https://desk.example',
    'Version: 1',
    'Chain ID: devnet',
    'Nonce: abc123',
    'Issued At: 2026-01-01T00:00:00.000Z',
    'Expiration Time: 2026-01-01T00:05:00.000Z',
  ].join('\n');
  expect(readSignInMessage(message)).toEqual({
    domain: 'desk.example',
    address: '7UVimffxr9ow1uXYxsr4LHAcV58mLzhmwaeKvJ1pjLiE',
    statement: 'Sign in to QuantDesk.',
    uri: 'https://desk.example',
    version: '1',
    chainId: 'devnet',
    nonce: 'abc123',
    issuedAt: '2026-01-01T00:00:00.000Z',
    expirationTime: '2026-01-01T00:05:00.000Z',
  });
  expect(readSignInMessage('sign me')).toBeUndefined();
});
