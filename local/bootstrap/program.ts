import { AnchorProvider, Program, type Wallet } from '@coral-xyz/anchor';
import { Connection, type Keypair, type Transaction, type VersionedTransaction } from '@solana/web3.js';
import idl, { type QuantdeskPerpDex } from '#program/quantdesk_perp_dex.ts';

/** A wallet of one keypair; Anchor's own `Wallet` class reads keys from the disk. */
function walletOf(keypair: Keypair): Wallet {
  const sign = <T extends Transaction | VersionedTransaction>(transaction: T): T => {
    if ('version' in transaction) transaction.sign([keypair]);
    else transaction.partialSign(keypair);
    return transaction;
  };
  return {
    payer: keypair,
    publicKey: keypair.publicKey,
    signTransaction: async (transaction) => sign(transaction),
    signAllTransactions: async (transactions) => transactions.map(sign),
  };
}

/** The program's client, paying and signing with `payer`. */
export function programClient(rpcUrl: string, payer: Keypair): Program<QuantdeskPerpDex> {
  const connection = new Connection(rpcUrl, 'confirmed');
  return new Program<QuantdeskPerpDex>(
    idl,
    new AnchorProvider(connection, walletOf(payer), { commitment: 'confirmed' }),
  );
}
