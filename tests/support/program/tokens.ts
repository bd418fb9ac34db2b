import { ACCOUNT_SIZE, AccountLayout, MINT_SIZE, MintLayout, TOKEN_PROGRAM_ID } from '@solana/spl-token';
import { Keypair, PublicKey } from '@solana/web3.js';
import type { ProgramChain } from './chain.ts';

const noAuthority = PublicKey.default;

/** Writes a mint; nobody needs its authority, since token accounts are written with their balance. */
export function writeMint(chain: ProgramChain, decimals: number): PublicKey {
  const mint = Keypair.generate().publicKey;
  const data = Buffer.alloc(MINT_SIZE);
  MintLayout.encode(
    {
      mintAuthorityOption: 0,
      mintAuthority: noAuthority,
      supply: 2n ** 63n,
      decimals,
      isInitialized: true,
      freezeAuthorityOption: 0,
      freezeAuthority: noAuthority,
    },
    data,
  );
  chain.setData(mint, TOKEN_PROGRAM_ID, data);
  return mint;
}

/** Writes a token account of `owner` that holds `amount`. */
export function writeTokenAccount(
  chain: ProgramChain,
  mint: PublicKey,
  owner: PublicKey,
  amount: bigint,
  key: PublicKey = Keypair.generate().publicKey,
): PublicKey {
  chain.setData(key, TOKEN_PROGRAM_ID, tokenAccountData(mint, owner, amount));
  return key;
}

/** The bytes of a token account; a frozen one neither gives nor takes. */
export function tokenAccountData(mint: PublicKey, owner: PublicKey, amount: bigint, frozen = false): Buffer {
  const data = Buffer.alloc(ACCOUNT_SIZE);
  AccountLayout.encode(
    {
      mint,
      owner,
      amount,
      delegateOption: 0,
      delegate: noAuthority,
      state: frozen ? 2 : 1,
      isNativeOption: 0,
      isNative: 0n,
      delegatedAmount: 0n,
      closeAuthorityOption: 0,
      closeAuthority: noAuthority,
    },
    data,
  );
  return data;
}

/** Tokens of an account, 1e-6 USDC; 0 where it does not exist. */
export function tokenBalance(chain: ProgramChain, key: PublicKey): bigint {
  const data = chain.data(key);
  return data === undefined ? 0n : AccountLayout.decode(data).amount;
}
