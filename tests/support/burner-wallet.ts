import { ed25519 } from '@noble/curves/ed25519.js';
import { Keypair, VersionedTransaction } from '@solana/web3.js';
import type { Page } from 'playwright-core';

/** A wallet as an extension would offer it, whose key lives in the test. */
export interface BurnerWallet {
  readonly name: string;
  readonly address: string;
  transactionsSigned(): number;
}

/** Registers a Wallet Standard wallet in every page that this tab opens. It agrees to everything it is asked. */
export async function installBurnerWallet(page: Page): Promise<BurnerWallet> {
  const keypair = Keypair.generate();
  const name = 'Burner wallet';
  const address = keypair.publicKey.toBase58();
  let signed = 0;
  await page.exposeFunction('burnerSignMessage', (message: number[]): number[] => [
    ...ed25519.sign(Uint8Array.from(message), keypair.secretKey.slice(0, 32)),
  ]);
  await page.exposeFunction('burnerSignTransaction', (bytes: number[]): number[] => {
    const transaction = VersionedTransaction.deserialize(Uint8Array.from(bytes));
    transaction.sign([keypair]);
    signed += 1;
    return [...transaction.serialize()];
  });
  await page.addInitScript(register, { name, address, publicKey: [...keypair.publicKey.toBytes()] });
  return { name, address, transactionsSigned: () => signed };
}

interface Registration {
  readonly name: string;
  readonly address: string;
  readonly publicKey: number[];
}

interface Bridge {
  burnerSignMessage(message: number[]): Promise<number[]>;
  burnerSignTransaction(transaction: number[]): Promise<number[]>;
}

/** Runs in the page: it may use nothing from outside itself. */
function register({ name, address, publicKey }: Registration): void {
  const bridge = window as unknown as Bridge;
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
          { signedMessage: message, signature: Uint8Array.from(await bridge.burnerSignMessage([...message])) },
        ],
      },
      'solana:signTransaction': {
        version: '1.0.0',
        supportedTransactionVersions: ['legacy', 0],
        signTransaction: async ({ transaction }: { transaction: Uint8Array }) => [
          { signedTransaction: Uint8Array.from(await bridge.burnerSignTransaction([...transaction])) },
        ],
      },
    },
  };
  const offer = (api: { register(wallet: unknown): void }) => api.register(wallet);
  window.addEventListener('wallet-standard:app-ready', (event) => offer((event as CustomEvent).detail));
  window.dispatchEvent(new CustomEvent('wallet-standard:register-wallet', { detail: offer }));
}
