import { PublicKey, SystemProgram, TransactionInstruction } from '@solana/web3.js';
import { Buffer } from 'buffer';
import { TOKEN_PROGRAM } from './addresses.ts';
import type { Chain } from './chain.ts';
import { computeBudget } from './instructions.ts';
import { createTokenAccount } from './token-account.ts';
import { type SignedTransaction, signTransaction } from './transactions.ts';

/** What one drop gives. */
export const faucetLamports = 1_000_000_000n;
export const faucetUsdc = 10_000n * 1_000_000n;
/** Below this the faucet's key has nothing left to give, lamports. */
const reserveLamports = 2_000_000_000n;
const computeUnitsMax = 100_000;

const mintTo = 7;

/** Signs a drop of test SOL and test USDC, creating the wallet's token account where it is missing. Null: no faucet on this network. */
export async function signFaucetDrop(chain: Chain, wallet: string): Promise<SignedTransaction | 'empty' | null> {
  const faucet = chain.keys.faucet;
  if (faucet === null || chain.network === 'mainnet') return null;
  const owner = new PublicKey(wallet);
  const [latest, balance] = await Promise.all([
    chain.rpc.getLatestBlockhash(),
    chain.rpc.getBalance(faucet.publicKey.toBase58()),
  ]);
  if (balance < faucetLamports + reserveLamports) return 'empty';
  const { usdcMint } = chain.addresses;
  const tokens = chain.addresses.usdcAccount(owner);
  const instructions = [
    ...computeBudget(computeUnitsMax, 0),
    SystemProgram.transfer({ fromPubkey: faucet.publicKey, toPubkey: owner, lamports: faucetLamports }),
    createTokenAccount(faucet.publicKey, tokens, owner, usdcMint),
    mintTokens(usdcMint, tokens, faucet.publicKey, faucetUsdc),
  ];
  return signTransaction(instructions, faucet, [], latest);
}

// Written out as in token-account.ts.

function mintTokens(mint: PublicKey, tokens: PublicKey, authority: PublicKey, amount: bigint): TransactionInstruction {
  const bytes = new Uint8Array(9);
  bytes[0] = mintTo;
  new DataView(bytes.buffer).setBigUint64(1, amount, true);
  return new TransactionInstruction({
    programId: TOKEN_PROGRAM,
    keys: [
      { pubkey: mint, isSigner: false, isWritable: true },
      { pubkey: tokens, isSigner: false, isWritable: true },
      { pubkey: authority, isSigner: true, isWritable: false },
    ],
    data: Buffer.from(bytes),
  });
}
