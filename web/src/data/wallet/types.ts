/** What signing in needs: the text that was really signed, and the signature over its UTF-8 bytes. */
export interface SignedText {
  readonly message: string;
  readonly signature: Uint8Array;
}

/** A wallet the terminal can trade with, whichever way it signs. */
export interface DeskWallet {
  readonly kind: 'demo' | 'standard';
  readonly name: string;
  /** Base58 public key. */
  readonly address: string;
  /** Data URL of the wallet's own icon. */
  readonly icon: string | undefined;
  /** Signs a Sign-In-With-Solana text. */
  signIn(message: string): Promise<SignedText>;
  /** Signs a serialised transaction; other signatures in it stay. */
  signTransaction(transaction: Uint8Array): Promise<Uint8Array>;
  disconnect(): Promise<void>;
}

/** The trader or the wallet said no, or this page did, because what was to be signed is not what was asked for. Nothing is signed. */
export class WalletRefused extends Error {
  override readonly name = 'WalletRefused';
}
