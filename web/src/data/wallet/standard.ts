import type {
  SolanaSignInFeature,
  SolanaSignMessageFeature,
  SolanaSignTransactionFeature,
} from '@solana/wallet-standard-features';
import { getWallets } from '@wallet-standard/app';
import type { IdentifierString, Wallet, WalletAccount } from '@wallet-standard/base';
import type { StandardConnectFeature, StandardDisconnectFeature } from '@wallet-standard/features';
import bs58 from 'bs58';

import { readSignInMessage } from './sign-in-message.ts';
import { WalletRefused, type DeskWallet, type SignedText } from './types.ts';

const publicKeyBytes = 32;
const signatureBytes = 64;

type Features = Partial<
  StandardConnectFeature &
    StandardDisconnectFeature &
    SolanaSignInFeature &
    SolanaSignMessageFeature &
    SolanaSignTransactionFeature
>;

const featuresOf = (wallet: Wallet): Features => wallet.features as Features;

/** Can connect, prove who it is, and sign a transaction. */
function isUsable(wallet: Wallet): boolean {
  const features = featuresOf(wallet);
  const identifies = features['solana:signMessage'] !== undefined || features['solana:signIn'] !== undefined;
  return features['standard:connect'] !== undefined && features['solana:signTransaction'] !== undefined && identifies;
}

/** Wallets of this browser that speak the Wallet Standard. */
export const listWallets = (): readonly Wallet[] => getWallets().get().filter(isUsable);

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
  wallet: Wallet,
  chain: IdentifierString,
  { silent = false, address }: ConnectTerms = {},
): Promise<DeskWallet> {
  const connect = featuresOf(wallet)['standard:connect'];
  if (connect === undefined) throw new WalletRefused(`${wallet.name} cannot connect.`);
  const { accounts } = await connect.connect({ silent }).catch(refused);
  const account = accounts.find((shared) => address === undefined || shared.address === address);
  if (account === undefined) throw new WalletRefused(`${wallet.name} shared no account.`);
  if (!isAddress(account.address)) throw new WalletRefused(`${wallet.name} shared an account without a valid address.`);
  return {
    kind: 'standard',
    name: wallet.name,
    address: account.address,
    icon: wallet.icon,
    signIn: (message) => signIn(wallet, account, message),
    signTransaction: (transaction) => signTransaction(wallet, account, chain, transaction),
    disconnect: async () => featuresOf(wallet)['standard:disconnect']?.disconnect(),
  };
}

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
async function signIn(wallet: Wallet, account: WalletAccount, message: string): Promise<SignedText> {
  const features = featuresOf(wallet);
  const input = readSignInMessage(message);
  if (features['solana:signIn'] !== undefined && input !== undefined) {
    const [output] = await features['solana:signIn'].signIn(input).catch(refused);
    const signedText = output === undefined ? '' : new TextDecoder().decode(output.signedMessage);
    if (output !== undefined && signedText === message)
      return { message, signature: checkedSignature(wallet.name, output.signature) };
  }
  if (features['solana:signMessage'] === undefined)
    throw new WalletRefused(`${wallet.name} cannot sign this sign-in text.`);
  const [signed] = await features['solana:signMessage']
    .signMessage({ account, message: new TextEncoder().encode(message) })
    .catch(refused);
  return { message, signature: checkedSignature(wallet.name, signed?.signature) };
}

async function signTransaction(
  wallet: Wallet,
  account: WalletAccount,
  chain: IdentifierString,
  transaction: Uint8Array,
): Promise<Uint8Array> {
  const feature = featuresOf(wallet)['solana:signTransaction'];
  const [signed] = (await feature?.signTransaction({ account, transaction, chain }).catch(refused)) ?? [];
  if (!ArrayBuffer.isView(signed?.signedTransaction))
    throw new WalletRefused(`${wallet.name} did not sign: what it returned is no transaction.`);
  return bytesOf(signed.signedTransaction);
}

/** Wallets word their refusals in their own ways; all of them mean that nothing was signed. */
function refused(cause: unknown): never {
  const detail = cause instanceof Error && cause.message !== '' ? ` (${cause.message})` : '';
  throw new WalletRefused(`The wallet did not sign${detail}.`, { cause });
}
