import { BorshInstructionCoder, type Idl } from '@coral-xyz/anchor';
import { Keypair } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import idl from '#program/quantdesk_perp_dex.json' with { type: 'json' };
import { newId, idBytes } from '../platform/ids.ts';
import { Addresses } from './addresses.ts';
import { Instructions } from './instructions.ts';
import { plainValue } from './plain-value.ts';

const addresses = new Addresses(idl.address, '4zMMC9srt5Ri5X14GAgXhaHii3GnPAEERYPJgZJDncDU');
const instructions = new Instructions(addresses);
const coder = new BorshInstructionCoder(idl as unknown as Idl);
const owner = Keypair.generate().publicKey;
const keeper = Keypair.generate().publicKey;

describe('instructions', () => {
  it('a delegated trade carries the order, its command number and its first publish time, signed by the keeper alone', () => {
    const orderId = newId();
    const built = instructions.openPosition(
      owner,
      'SOL-PERP',
      { keeper, ownerSigner: null },
      {
        side: 'short',
        size: 2n ** 63n,
        leverageE2: 2_000,
        worstPrice: 16_000_000_000n,
        orderId,
        expectedSeq: 7n,
        minPublishTime: 1_749_700_001,
      },
    );
    const decoded = coder.decode(built.data as never);
    expect(decoded?.name).toBe('open_position');
    expect(plainValue(decoded?.data)).toEqual({
      args: {
        side: 'short',
        size: 2n ** 63n,
        leverageE2: 2_000,
        worstPrice: 16_000_000_000n,
        orderId: Array.from(idBytes(orderId)),
        expectedSeq: 7n,
        minPublishTime: 1_749_700_001n,
      },
    });
    const signers = built.keys.filter((key) => key.isSigner).map((key) => key.pubkey.toBase58());
    expect(signers).toEqual([keeper.toBase58()]);
  });

  it('an optional account that is not given is the program itself, neither writable nor a signer', () => {
    const input = { size: 1n, worstPrice: 1n, orderId: null, expectedSeq: 0n, minPublishTime: 0 };
    const metaOf = (withInsurance: boolean) =>
      instructions.closePosition(owner, 'BTC-PERP', { keeper, ownerSigner: owner }, { ...input, withInsurance })
        .keys[7];
    expect(metaOf(false)).toMatchObject({ pubkey: addresses.program, isWritable: false, isSigner: false });
    expect(metaOf(true)).toMatchObject({ pubkey: addresses.insurance, isWritable: true, isSigner: false });
  });

  it('the address of every account depends on what names it', () => {
    const other = Keypair.generate().publicKey;
    const all = [
      addresses.position(owner, 'SOL-PERP'),
      addresses.position(owner, 'BTC-PERP'),
      addresses.position(other, 'SOL-PERP'),
      addresses.userAccount(owner),
      addresses.lpAccount(owner),
      addresses.market('SOL-PERP'),
      addresses.market('ETH-PERP'),
    ].map((address) => address.toBase58());
    expect(new Set(all).size).toBe(all.length);
  });
});
