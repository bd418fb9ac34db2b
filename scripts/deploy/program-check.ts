import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PublicKey } from '@solana/web3.js';
import bs58 from 'bs58';
import { root } from '../lib/paths.mjs';
import { attempt, callTimeoutMs } from './attempt.ts';

const artifactPath = join(root, 'programs', 'quantdesk-perp-dex', 'artifacts', 'quantdesk_perp_dex.so');
const upgradeableLoader = 'BPFLoaderUpgradeab1e11111111111111111111111';
/** A Program account: u32 state (2), then the address of its ProgramData account. */
const programAddressOffset = 4;
/** A ProgramData account: u32 state (3), u64 slot, option and key of the upgrade authority, then the ELF, then zeros up to its length. */
const authorityOptionOffset = 12;
const authorityOffset = 13;
const elfOffset = 45;
const attemptsMax = 4;

/** What is deployed, compared with what is committed. */
export interface ProgramState {
  /** `same`: the committed artifact, byte for byte. `final` where nobody can upgrade it. */
  readonly state: 'same' | 'different' | 'missing';
  /** SHA-256 of the committed artifact, and of as many deployed bytes. */
  readonly committed: string;
  readonly deployed: string | null;
  /** Who may upgrade it; null where nobody may, or nothing is deployed. */
  readonly authority: string | null;
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Asks a network for the program's data. @throws when the network does not answer, or the account is not an upgradeable program. */
export async function compareProgram(
  rpcUrl: string,
  programId: string,
  artifact: Uint8Array = readFileSync(artifactPath),
): Promise<ProgramState> {
  const committed = sha256(artifact);
  const missing = { state: 'missing', committed, deployed: null, authority: null } as const;
  const program = await accountData(rpcUrl, programId);
  if (program === null) return missing;
  if (program.owner !== upgradeableLoader) throw new Error(`${programId} is no program of the upgradeable loader`);
  const address = new PublicKey(program.data.subarray(programAddressOffset, programAddressOffset + 32)).toBase58();
  const data = (await accountData(rpcUrl, address))?.data;
  if (data === undefined) return missing;
  const elf = data.subarray(elfOffset, elfOffset + artifact.length);
  // The account may be longer than the program, for upgrades to come: what follows is zeros.
  const isPadded = data.subarray(elfOffset + artifact.length).every((byte) => byte === 0);
  const deployed = sha256(elf);
  const hasAuthority = data[authorityOptionOffset] === 1;
  return {
    state: deployed === committed && isPadded ? 'same' : 'different',
    committed,
    deployed,
    authority: hasAuthority ? bs58.encode(data.subarray(authorityOffset, authorityOffset + 32)) : null,
  };
}

interface AccountAnswer {
  readonly result?: { readonly value: { readonly owner: string; readonly data: readonly [string, string] } | null };
  readonly error?: { readonly message: string };
}

/** An account's bytes; null where there is none. */
export async function accountData(rpcUrl: string, address: string): Promise<{ owner: string; data: Buffer } | null> {
  const params = [address, { encoding: 'base64', commitment: 'finalized' }];
  const { value } = await rpcCall<NonNullable<AccountAnswer['result']>>(rpcUrl, 'getAccountInfo', params);
  return value === null ? null : { owner: value.owner, data: Buffer.from(value.data[0], 'base64') };
}

/** Calls a network, a few times where it does not answer. The message names no address: it may carry a key. @throws */
export function rpcCall<Result>(rpcUrl: string, method: string, params: readonly unknown[]): Promise<Result> {
  return attempt(attemptsMax, async () => {
    const answer = await fetch(rpcUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      signal: AbortSignal.timeout(callTimeoutMs),
    });
    if (!answer.ok) throw new Error(`Solana's RPC answers ${answer.status}`);
    const { result, error } = (await answer.json()) as { result?: Result; error?: { message: string } };
    if (error !== undefined || result === undefined) throw new Error(`Solana's RPC: ${error?.message ?? 'no result'}`);
    return result;
  });
}
