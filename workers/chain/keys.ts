import { Keypair, type PublicKey } from '@solana/web3.js';
import bs58 from 'bs58';

/** The exchange's keys. `keeper` signs trades and is never writable; fee payers pay, spread by wallet so that they write different accounts. */
export interface ChainKeys {
  readonly keeper: Keypair;
  readonly feePayers: readonly Keypair[];
  /** Mint authority and source of test SOL; absent where there is no faucet. */
  readonly faucet: Keypair | null;
}

export interface KeySettings {
  readonly KEEPER_SECRET_KEY: string;
  readonly FEE_PAYER_SECRET_KEYS: readonly string[];
  readonly FAUCET_SECRET_KEY?: string | undefined;
}

const keypairOf = (secret: string): Keypair => Keypair.fromSecretKey(bs58.decode(secret));

export const loadKeys = (settings: KeySettings): ChainKeys => ({
  keeper: keypairOf(settings.KEEPER_SECRET_KEY),
  feePayers: settings.FEE_PAYER_SECRET_KEYS.map(keypairOf),
  faucet: settings.FAUCET_SECRET_KEY === undefined ? null : keypairOf(settings.FAUCET_SECRET_KEY),
});

/** The fee payer of a wallet: always the same one, chosen by the first four bytes of its address. */
export function feePayerFor(keys: ChainKeys, wallet: PublicKey): Keypair {
  const bytes = wallet.toBytes();
  const hash = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  const payer = keys.feePayers[hash % keys.feePayers.length];
  if (payer === undefined) throw new Error('the exchange has no fee payer');
  return payer;
}
