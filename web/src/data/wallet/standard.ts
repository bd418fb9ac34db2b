import type {
  SolanaSignInFeature,
  SolanaSignMessageFeature,
  SolanaSignTransactionFeature,
} from '@solana/wallet-standard-features';
import { getWallets } from '@wallet-standard/app';
import type { IdentifierString, Wallet, WalletAccount } from '@wallet-standard/base';
import type { StandardConnectFeature, StandardDisconnectFeature } from '@wallet-standard/features';

import { readSignInMessage } from './sign-in-message.ts';
import { WalletRefused, type DeskWallet, type SignedText } from './types.ts';

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

/**
 * Connects a wallet. `silent` asks only for what was granted before and shows nothing.
 *
 * @param chain such as `solana:devnet`; the wallet refuses to sign for a network it does not know.
 * @throws WalletRefused
 */
export async function connectWallet(wallet: Wallet, chain: IdentifierString, silent = false): Promise<DeskWallet> {
  const connect = featuresOf(wallet)['standard:connect'];
  if (connect === undefined) throw new WalletRefused(`${wallet.name} cannot connect.`);
  const { accounts } = await connect.connect({ silent }).catch(refused);
  const account = accounts[0];
  if (account === undefined) throw new WalletRefused(`${wallet.name} shared no account.`);
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

/** `solana:signIn` shows the fields as what they are; a wallet that words the text in its own way signs ours as a message instead. */
async function signIn(wallet: Wallet, account: WalletAccount, message: string): Promise<SignedText> {
  const features = featuresOf(wallet);
  const input = readSignInMessage(message);
  if (features['solana:signIn'] !== undefined && input !== undefined) {
    const [output] = await features['solana:signIn'].signIn(input).catch(refused);
    const signedText = output === undefined ? '' : new TextDecoder().decode(output.signedMessage);
    if (output !== undefined && signedText === message) return { message, signature: output.signature };
  }
  if (features['solana:signMessage'] === undefined)
    throw new WalletRefused(`${wallet.name} cannot sign this sign-in text.`);
  const [signed] = await features['solana:signMessage']
    .signMessage({ account, message: new TextEncoder().encode(message) })
    .catch(refused);
  if (signed === undefined) throw new WalletRefused(`${wallet.name} returned no signature.`);
  return { message, signature: signed.signature };
}

async function signTransaction(
  wallet: Wallet,
  account: WalletAccount,
  chain: IdentifierString,
  transaction: Uint8Array,
): Promise<Uint8Array> {
  const feature = featuresOf(wallet)['solana:signTransaction'];
  const [signed] = (await feature?.signTransaction({ account, transaction, chain }).catch(refused)) ?? [];
  if (signed === undefined) throw new WalletRefused(`${wallet.name} returned no signed transaction.`);
  return signed.signedTransaction;
}

/** Wallets word their refusals in their own ways; all of them mean that nothing was signed. */
function refused(cause: unknown): never {
  const detail = cause instanceof Error && cause.message !== '' ? ` (${cause.message})` : '';
  throw new WalletRefused(`The wallet did not sign${detail}.`, { cause });
}
