import type {
  SolanaSignInFeature,
  SolanaSignInOutput,
  SolanaSignMessageFeature,
  SolanaSignMessageOutput,
  SolanaSignTransactionFeature,
  SolanaSignTransactionOutput,
} from '@solana/wallet-standard-features';
import { getWallets } from '@wallet-standard/app';
import type { IdentifierString, Wallet, WalletAccount } from '@wallet-standard/base';
import type { StandardConnectFeature, StandardDisconnectFeature } from '@wallet-standard/features';
import bs58 from 'bs58';

import { readSignInMessage } from './sign-in-message.ts';
import { WalletRefused, type DeskWallet, type SignedText } from './types.ts';

const publicKeyBytes = 32;
const signatureBytes = 64;
/** Of a name; what is longer is cut. */
const nameCharactersMax = 40;
/** A name is one line of plain characters: none that turn what stands beside it around, or that nobody sees. */
const unseenCharacters = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

type Features = Partial<
  StandardConnectFeature &
    StandardDisconnectFeature &
    SolanaSignInFeature &
    SolanaSignMessageFeature &
    SolanaSignTransactionFeature
>;

const featuresOf = (wallet: Wallet): Features => wallet.features as Features;

/** A wallet of this browser. What it says of itself is in bounds; what it does is not known before it is asked. */
export interface FoundWallet {
  readonly name: string;
  /** Data URL of an image. The page shows no other: one from elsewhere would tell the wallet's maker who looks. */
  readonly icon: string | undefined;
  readonly wallet: Wallet;
}

/** Can connect, prove who it is, and sign a transaction. */
function isUsable(wallet: Wallet): boolean {
  const features = featuresOf(wallet);
  const identifies = features['solana:signMessage'] !== undefined || features['solana:signIn'] !== undefined;
  return features['standard:connect'] !== undefined && features['solana:signTransaction'] !== undefined && identifies;
}

/** Anything can announce itself as a wallet: what is none is left out, and the others stay. */
function found(wallet: Wallet): FoundWallet[] {
  try {
    const [name, icon]: unknown[] = [wallet.name, wallet.icon];
    if (typeof name !== 'string' || !isUsable(wallet)) return [];
    const plain = name.replaceAll(unseenCharacters, '').trim().slice(0, nameCharactersMax);
    if (plain === '') return [];
    return [
      { name: plain, icon: typeof icon === 'string' && icon.startsWith('data:image/') ? icon : undefined, wallet },
    ];
  } catch {
    return [];
  }
}

/** Wallets of this browser that speak the Wallet Standard. */
export const listWallets = (): readonly FoundWallet[] => getWallets().get().flatMap(found);

/** Calls back whenever a wallet appears or goes. @returns a function that stops it. */
export function watchWallets(onChange: () => void): () => void {
  const wallets = getWallets();
  const stops = [wallets.on('register', onChange), wallets.on('unregister', onChange)];
  return () => stops.forEach((stop) => stop());
}

export interface ConnectTerms {
  /** Asks only for what was granted before and shows nothing. */
  readonly silent?: boolean;
  /** The account that is wanted; the wallet's first one without it. */
  readonly address?: string;
}

/**
 * Connects a wallet.
 *
 * @param chain such as `solana:devnet`; the wallet refuses to sign for a network it does not know.
 * @throws WalletRefused
 */
export async function connectWallet(
  { name, icon, wallet }: FoundWallet,
  chain: IdentifierString,
  { silent = false, address }: ConnectTerms = {},
): Promise<DeskWallet> {
  const answer = await asked(() => featuresOf(wallet)['standard:connect']?.connect({ silent }));
  const account = listOf<WalletAccount>(answer?.accounts).find(
    (shared) => address === undefined || shared.address === address,
  );
  if (account === undefined) throw new WalletRefused(`${name} shared no account.`);
  if (!isAddress(account.address)) throw new WalletRefused(`${name} shared an account without a valid address.`);
  const signer: Signer = { name, wallet, account };
  return {
    ...{ kind: 'standard', name, icon, address: account.address },
    signIn: (message) => signIn(signer, message),
    signTransaction: (transaction) => signTransaction(signer, chain, transaction),
    disconnect: async () => featuresOf(wallet)['standard:disconnect']?.disconnect(),
  };
}

/** One account of a wallet. */
interface Signer extends Pick<FoundWallet, 'name' | 'wallet'> {
  readonly account: WalletAccount;
}

/** Asks a wallet. However it fails, at once or later, nothing was signed. @throws WalletRefused */
async function asked<Answer>(question: () => Promise<Answer> | undefined): Promise<Answer | undefined> {
  try {
    return await question();
  } catch (cause) {
    // Wallets word their refusals in their own ways.
    const detail = cause instanceof Error && cause.message !== '' ? ` (${cause.message})` : '';
    throw new WalletRefused(`The wallet did not sign${detail}.`, { cause });
  }
}

/** The objects of what should be a list of them. */
const listOf = <Item extends object>(answer: unknown): readonly Item[] =>
  Array.isArray(answer)
    ? answer.filter((item: unknown): item is Item => typeof item === 'object' && item !== null)
    : [];

function isAddress(text: string): boolean {
  try {
    return bs58.decode(text).length === publicKeyBytes;
  } catch {
    return false;
  }
}

/** As bytes of this page, whichever realm a wallet took them from. */
const bytesOf = (view: ArrayBufferView): Uint8Array =>
  new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice();

/** A wallet may return anything: only 64 bytes are a signature. @throws WalletRefused */
function checkedSignature(name: string, signature: unknown): Uint8Array {
  if (ArrayBuffer.isView(signature) && signature.byteLength === signatureBytes) return bytesOf(signature);
  throw new WalletRefused(`${name} did not sign: what it returned is no signature.`);
}

/** `solana:signIn` shows the fields as what they are; a wallet that words the text in its own way signs ours as a message instead. */
async function signIn({ name, wallet, account }: Signer, message: string): Promise<SignedText> {
  const features = featuresOf(wallet);
  const input = readSignInMessage(message);
  if (features['solana:signIn'] !== undefined && input !== undefined) {
    const [output] = listOf<SolanaSignInOutput>(await asked(() => features['solana:signIn']?.signIn(input)));
    const signedMessage: unknown = output?.signedMessage;
    if (ArrayBuffer.isView(signedMessage) && new TextDecoder().decode(bytesOf(signedMessage)) === message)
      return { message, signature: checkedSignature(name, output?.signature) };
  }
  if (features['solana:signMessage'] === undefined) throw new WalletRefused(`${name} cannot sign this sign-in text.`);
  const text = new TextEncoder().encode(message);
  const [signed] = listOf<SolanaSignMessageOutput>(
    await asked(() => features['solana:signMessage']?.signMessage({ account, message: text })),
  );
  return { message, signature: checkedSignature(name, signed?.signature) };
}

async function signTransaction(
  { name, wallet, account }: Signer,
  chain: IdentifierString,
  transaction: Uint8Array,
): Promise<Uint8Array> {
  const feature = featuresOf(wallet)['solana:signTransaction'];
  const [signed] = listOf<SolanaSignTransactionOutput>(
    await asked(() => feature?.signTransaction({ account, transaction, chain })),
  );
  if (!ArrayBuffer.isView(signed?.signedTransaction))
    throw new WalletRefused(`${name} did not sign: what it returned is no transaction.`);
  return bytesOf(signed.signedTransaction);
}
