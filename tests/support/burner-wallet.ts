import { ed25519 } from '@noble/curves/ed25519.js';
import { Keypair, VersionedTransaction } from '@solana/web3.js';
import type { Page } from 'playwright-core';

/** A wallet as an extension would offer it, whose key lives in the test. */
export interface BurnerWallet {
  readonly name: string;
  readonly address: string;
  transactionsSigned(): number;
  /** Messages it was asked to sign, answered or not. */
  messagesAsked(): number;
  /** From now on it answers messages only when it is let go. @returns what lets it go. */
  hold(): () => void;
}

/** Registers a Wallet Standard wallet in every page that this tab opens; several need names of their own. It agrees to everything it is asked. */
export async function installBurnerWallet(page: Page, name = 'Burner wallet'): Promise<BurnerWallet> {
  const keypair = Keypair.generate();
  const key = name.replaceAll(/\W/g, '');
  const address = keypair.publicKey.toBase58();
  let [signed, asked] = [0, 0];
  let free: Promise<void> = Promise.resolve();
  await page.exposeFunction(`${key}SignMessage`, async (message: number[]): Promise<number[]> => {
    asked += 1;
    await free;
    return [...ed25519.sign(Uint8Array.from(message), keypair.secretKey.slice(0, 32))];
  });
  await page.exposeFunction(`${key}SignTransaction`, (bytes: number[]): number[] => {
    const transaction = VersionedTransaction.deserialize(Uint8Array.from(bytes));
    transaction.sign([keypair]);
    signed += 1;
    return [...transaction.serialize()];
  });
  await page.addInitScript(register, { name, key, address, publicKey: [...keypair.publicKey.toBytes()] });
  const hold = () => {
    let release = () => undefined as void;
    free = new Promise((open) => (release = open));
    return () => release();
  };
  return { name, address, transactionsSigned: () => signed, messagesAsked: () => asked, hold };
}

interface Registration {
  readonly name: string;
  /** Begins the names of its functions in the page. */
  readonly key: string;
  readonly address: string;
  readonly publicKey: number[];
}

type Sign = (bytes: number[]) => Promise<number[]>;

/** Runs in the page: it may use nothing from outside itself. */
function register({ name, key, address, publicKey }: Registration): void {
  const bridge = window as unknown as Record<string, Sign>;
  const sign = async (what: string, bytes: Uint8Array) =>
    Uint8Array.from((await bridge[`${key}${what}`]?.([...bytes])) ?? []);
  const chains = ['solana:localnet', 'solana:devnet'];
  const account = {
    address,
    publicKey: Uint8Array.from(publicKey),
    chains,
    features: ['solana:signMessage', 'solana:signTransaction'],
  };
  const wallet = {
    version: '1.0.0',
    name,
    icon: 'data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciLz4=',
    chains,
    accounts: [account],
    features: {
      'standard:connect': { version: '1.0.0', connect: () => Promise.resolve({ accounts: [account] }) },
      'standard:disconnect': { version: '1.0.0', disconnect: () => Promise.resolve() },
      'solana:signMessage': {
        version: '1.1.0',
        signMessage: async ({ message }: { message: Uint8Array }) => [
          { signedMessage: message, signature: await sign('SignMessage', message) },
        ],
      },
      'solana:signTransaction': {
        version: '1.0.0',
        supportedTransactionVersions: ['legacy', 0],
        signTransaction: async ({ transaction }: { transaction: Uint8Array }) => [
          { signedTransaction: await sign('SignTransaction', transaction) },
        ],
      },
    },
  };
  const offer = (api: { register(wallet: unknown): void }) => api.register(wallet);
  window.addEventListener('wallet-standard:app-ready', (event) => offer((event as CustomEvent).detail));
  window.dispatchEvent(new CustomEvent('wallet-standard:register-wallet', { detail: offer }));
}
