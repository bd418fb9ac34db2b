import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Keypair } from '@solana/web3.js';
import { afterAll, describe, expect, it } from 'vitest';
import { Addresses } from '../../workers/chain/addresses.ts';
import { Instructions } from '../../workers/chain/instructions.ts';
import { Keyring, readKeyFile } from './keyring.ts';
import { readNetworkFile, type WantedNetwork } from './network-file.ts';
import type { NetworkState } from './network-state.ts';
import { deployArguments, toolsMissing } from './official-tools.ts';
import { planNetwork, planNotes } from './plan.ts';
import type { Artifact, PlanContext } from './plan-item.ts';

const folder = mkdtempSync(join(tmpdir(), 'quantdesk-keys-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const authority = Keypair.generate();
const programKey = Keypair.generate();
const someAddress = () => Keypair.generate().publicKey.toBase58();

const wantedOf = (network: 'devnet' | 'mainnet'): WantedNetwork =>
  readNetworkFile(`networks/${network}.toml`, {
    ...{ RPC_URL: 'https://rpc.example', PROGRAM_ARTIFACT: 'program.so', KEEPER_ADDRESSES: someAddress() },
    ...{ PROGRAM_ID: programKey.publicKey.toBase58(), UPGRADE_AUTHORITY: authority.publicKey.toBase58() },
    ...{ ADMIN_ADDRESS: someAddress(), RISK_MANAGER_ADDRESS: someAddress(), SEEDER_ADDRESS: someAddress() },
    TREASURY_AUTHORITY_ADDRESS: someAddress(),
  });

const empty: NetworkState = {
  ...{ slot: 1, now: 1_000, program: null, oldAccounts: [], mintDecimals: 6, exchange: null, markets: [], pool: null },
  ...{ insuranceBalance: 0n, proposals: [], traders: new Set(), seedRequest: null, tokens: new Map() },
  lamports: new Map(),
};
const built: Artifact = { path: 'program.so', sha256: 'a'.repeat(64), isCommitted: false };
const deployed = { sha256: built.sha256, upgradeAuthority: authority.publicKey.toBase58() };

function contextOf(network: 'devnet' | 'mainnet', rest: Partial<PlanContext> = {}): PlanContext {
  const wanted = wantedOf(network);
  const addresses = new Addresses(wanted.program.id, wanted.usdc.mint);
  const chain = { addresses, instructions: new Instructions(addresses) };
  return { wanted, state: empty, chain, artifact: built, toolsMissing: null, ...rest };
}

const programOf = (context: PlanContext) => planNetwork(context)[0];

describe('the program of a network', () => {
  it('is put there by the official tools, the first time with its own key; without them the plan says what is missing', () => {
    expect(programOf(contextOf('devnet'))).toMatchObject({
      outcome: 'create',
      steps: [{ signers: [authority, programKey].map(({ publicKey }) => publicKey.toBase58()) }],
    });
    const missing = toolsMissing(folder);
    expect(missing).toMatch(/^the solana command is missing: install the official tools \(https:/);
    const plan = planNetwork(contextOf('devnet', { toolsMissing: missing }));
    expect(plan[0]).toMatchObject({ outcome: 'refused', details: [expect.anything(), missing] });
    expect(plan.flatMap(({ steps }) => steps)).toEqual([]);
    expect(plan.at(-1)?.details).toContain('needs the program as the file wants it');
  });

  it('is left alone where its bytes are the same, and replaced where they are not', () => {
    const same = contextOf('devnet', { state: { ...empty, program: deployed } });
    expect(programOf(same)).toMatchObject({ outcome: 'unchanged', steps: [] });
    const other = { ...deployed, sha256: 'b'.repeat(64) };
    expect(programOf(contextOf('devnet', { state: { ...empty, program: other } }))).toMatchObject({
      outcome: 'change',
    });
  });

  it('that is final, or is held by another authority, is refused', () => {
    const final = contextOf('devnet', { state: { ...empty, program: { ...deployed, upgradeAuthority: null } } });
    expect(programOf(final)?.details[0]).toMatch(/^upgrade authority nobody: the program is final → /);
    const foreign = { ...deployed, upgradeAuthority: someAddress() };
    expect(programOf(contextOf('devnet', { state: { ...empty, program: foreign } }))?.outcome).toBe('refused');
  });

  it('of mainnet is never the build for local networks, and the plan says what fails closed', () => {
    const context = contextOf('mainnet', { artifact: { ...built, isCommitted: true } });
    const plan = planNetwork(context);
    expect(plan[0]?.details[1]).toMatch(/^this build is for local networks: without feature mainnet/);
    expect(plan.flatMap(({ steps }) => steps)).toEqual([]);
    const notes = planNotes(context).join('\n');
    expect(notes).toContain('no market without a borrow rate of at least 0.001 %/h at full utilisation');
    expect(notes).toContain('SOL-PERP has 0.0045 %/h');
    expect(planNotes(contextOf('devnet'))).toEqual([]);
  });
});

describe('a key of a run', () => {
  const write = (name: string, text: string, mode: number) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
  };
  const bytes = (keypair: Keypair) => JSON.stringify([...keypair.secretKey]);

  it('comes from a file that its owner alone reads, outside the repository; what is wrong is said without the key', () => {
    const path = write('authority.json', bytes(authority), 0o600);
    expect(readKeyFile(path, resolve('.')).keypair.publicKey.equals(authority.publicKey)).toBe(true);
    expect(() => readKeyFile(path, folder)).toThrow(/keys are not kept in the repository$/);
    expect(() => readKeyFile(write('open.json', bytes(authority), 0o644), resolve('.'))).toThrow(/others may read it/);
    expect(() => readKeyFile(write('half.json', '[1,2,3]', 0o600), resolve('.'))).toThrow(
      /is no key file of solana-keygen/,
    );
    expect(() => readKeyFile(join(folder, 'none.json'), resolve('.'))).toThrow(/cannot be read$/);
  });

  it('reaches the official tools as the name of its file alone', () => {
    const wanted = wantedOf('devnet');
    const keyring = new Keyring([
      readKeyFile(write('upgrade.json', bytes(authority), 0o600), resolve('.')),
      readKeyFile(write('program.json', bytes(programKey), 0o600), resolve('.')),
    ]);
    const upgrade = join(folder, 'upgrade.json');
    expect(deployArguments(wanted, keyring, built, true)).toEqual([
      ...['program', 'deploy', 'program.so', '--program-id', join(folder, 'program.json')],
      ...['--upgrade-authority', upgrade, '--keypair', upgrade, '--url', 'https://rpc.example'],
      ...['--commitment', 'finalized', '--with-compute-unit-price', '10000'],
    ]);
    expect(deployArguments(wanted, keyring, built, false)).toContain(wanted.program.id);
  });
});
