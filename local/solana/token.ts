import {
  ACCOUNT_SIZE,
  ACCOUNT_TYPE_SIZE,
  AccountLayout,
  AccountState,
  MINT_SIZE,
  MintLayout,
  TOKEN_2022_PROGRAM_ID,
  TOKEN_PROGRAM_ID,
} from '@solana/spl-token';
import type { ChainAccount } from './account.ts';

export const tokenPrograms: ReadonlySet<string> = new Set([
  TOKEN_PROGRAM_ID.toBase58(),
  TOKEN_2022_PROGRAM_ID.toBase58(),
]);

/** Tag after the base fields that tells Token-2022's accounts with extensions apart. */
const mintType = 1;
const accountType = 2;

/** An amount of tokens as the RPC writes it. */
export interface TokenAmount {
  readonly amount: string;
  readonly decimals: number;
  readonly uiAmount: number | null;
  readonly uiAmountString: string;
}

export interface TokenHolding {
  readonly mint: string;
  readonly owner: string;
  readonly amount: bigint;
  readonly program: string;
  readonly state: 'uninitialized' | 'initialized' | 'frozen';
  readonly delegate: { readonly address: string; readonly amount: bigint } | undefined;
  readonly closeAuthority: string | undefined;
  readonly native: bigint | undefined;
}

export interface TokenMint {
  readonly decimals: number;
  readonly supply: bigint;
  readonly mintAuthority: string | undefined;
  readonly freezeAuthority: string | undefined;
  readonly initialized: boolean;
}

/** Reads a token account; undefined for anything else. */
export function tokenHolding(account: ChainAccount | undefined): TokenHolding | undefined {
  if (account === undefined || !hasShape(account, ACCOUNT_SIZE, accountType)) return undefined;
  const raw = AccountLayout.decode(account.data);
  if (raw.state === AccountState.Uninitialized) return undefined;
  return {
    mint: raw.mint.toBase58(),
    owner: raw.owner.toBase58(),
    amount: raw.amount,
    program: account.owner,
    state: raw.state === AccountState.Frozen ? 'frozen' : 'initialized',
    delegate: raw.delegateOption ? { address: raw.delegate.toBase58(), amount: raw.delegatedAmount } : undefined,
    closeAuthority: raw.closeAuthorityOption ? raw.closeAuthority.toBase58() : undefined,
    native: raw.isNativeOption ? raw.isNative : undefined,
  };
}

/** Reads a mint; undefined for anything else. */
export function tokenMint(account: ChainAccount | undefined): TokenMint | undefined {
  if (account === undefined || !hasShape(account, MINT_SIZE, mintType)) return undefined;
  const raw = MintLayout.decode(account.data);
  return {
    decimals: raw.decimals,
    supply: raw.supply,
    mintAuthority: raw.mintAuthorityOption ? raw.mintAuthority.toBase58() : undefined,
    freezeAuthority: raw.freezeAuthorityOption ? raw.freezeAuthority.toBase58() : undefined,
    initialized: raw.isInitialized,
  };
}

function hasShape(account: ChainAccount, bytes: number, type: number): boolean {
  if (!tokenPrograms.has(account.owner)) return false;
  if (account.data.length === bytes) return true;
  const extended = account.data.length > ACCOUNT_SIZE + ACCOUNT_TYPE_SIZE;
  return extended && account.data[ACCOUNT_SIZE] === type;
}

/** An amount in the RPC's form: exact as text, and rounded as a number for display. */
export function tokenAmount(amount: bigint, decimals: number): TokenAmount {
  const digits = String(amount).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '');
  const uiAmountString = fraction === '' ? whole : `${whole}.${fraction}`;
  return { amount: String(amount), decimals, uiAmount: Number(uiAmountString), uiAmountString };
}
