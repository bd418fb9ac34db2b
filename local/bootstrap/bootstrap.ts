import { fileURLToPath } from 'node:url';
import idl from '#program/quantdesk_perp_dex.json' with { type: 'json' };
import { NetworkInitialiser } from '../../scripts/network/initialise.ts';
import { noJournal } from '../../scripts/network/journal.ts';
import { Keyring } from '../../scripts/network/keyring.ts';
import { readNetworkFile } from '../../scripts/network/network-file.ts';
import { exitCodeOf, exitCodes, planLines } from '../../scripts/network/show.ts';
import { addressOf, keypairOf, type LocalKeys } from '../supervisor/keys.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const networkFile = fileURLToPath(new URL('../../networks/localnet.toml', import.meta.url));

export interface BootstrapOptions {
  readonly rpcUrl: string;
  readonly keys: LocalKeys;
}

/** What `networks/localnet.toml` leaves to the keys of a local network. */
export const localVariables = ({ rpcUrl, keys }: BootstrapOptions): Record<string, string> => ({
  RPC_URL: rpcUrl,
  PROGRAM_ID: idl.address,
  USDC_MINT: addressOf(keys.usdcMint),
  ADMIN_ADDRESS: addressOf(keys.admin),
  FAUCET_ADDRESS: addressOf(keys.faucet),
  KEEPER_ADDRESSES: addressOf(keys.keeper),
  FEE_PAYER_ADDRESSES: keys.feePayers.map(addressOf).join(','),
});

/** The keys of a local network; the admin pays. */
export const localKeyring = (keys: LocalKeys): Keyring =>
  new Keyring(
    [keys.admin, keys.faucet, keys.keeper, keys.usdcMint, ...keys.feePayers].map((secret) => ({
      keypair: keypairOf(secret),
      path: null,
    })),
  );

/**
 * Brings a local chain to what `networks/localnet.toml` wants, by the way of every network (docs/networks.md): a second run changes nothing,
 * a broken one is finished.
 */
export async function bootstrap(options: BootstrapOptions): Promise<void> {
  const initialiser = new NetworkInitialiser({
    wanted: readNetworkFile(networkFile, localVariables(options)),
    root,
    keyring: localKeyring(options.keys),
    // This process is the chain's only writer, and every step looks first.
    journal: noJournal,
    toolsMissing: null,
    deploy: () => Promise.reject(new Error('the local network installs its program when it starts')),
    confirm: () => Promise.resolve(true),
    onProgress: () => undefined,
  });
  const left = await initialiser.apply();
  if (exitCodeOf(left) !== exitCodes.done)
    throw new Error(`the local chain is not as networks/localnet.toml wants it:\n${planLines(left).join('\n')}`);
}
