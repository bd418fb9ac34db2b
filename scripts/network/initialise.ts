import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PublicKey } from '@solana/web3.js';
import * as z from 'zod';
import { Addresses } from '../../workers/chain/addresses.ts';
import { Instructions } from '../../workers/chain/instructions.ts';
import { SolanaRpc } from '../../workers/chain/rpc.ts';
import { buildTransaction, wireOf } from '../../workers/chain/transactions.ts';
import { sleep } from '../../workers/platform/clock.ts';
import type { Journal } from './journal.ts';
import type { Keyring } from './keyring.ts';
import type { WantedNetwork } from './network-file.ts';
import { elfHash, type NetworkState, readNetworkState, readSlowState, type SlowState } from './network-state.ts';
import { planNetwork, planNotes } from './plan.ts';
import { type Artifact, type PlanContext, type PlanItem, refused, type Step } from './plan-item.ts';
import { Sender, StepFailed } from './sender.ts';

/** Plans that one run may carry out: the second follows what only the first brought to light. */
const plansMax = 4;
/** Steps of one run, and times one of them may be needed (a pool request that lapsed is placed again). */
const stepsMax = 10_000;
const repeatsMax = 3;
/** A node behind the one that confirmed is asked again, that often, that long apart. */
const freshReadsMax = 40;
const freshReadPauseMs = 250;
const waitPauseMs = 1_000;
const zeroBlockhash = PublicKey.default.toBase58();

const committedArtifact = 'programs/quantdesk-perp-dex/artifacts/quantdesk_perp_dex.so';

/** First characters of the genesis hashes (their CAIP-2 chain ids). */
const genesisOf = { devnet: 'EtWTRABZaYq6iMfeYKouRu166VU2xqa1', mainnet: '5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp' } as const;

/** The node is of another cluster than the file. */
export class WrongCluster extends Error {
  override readonly name = 'WrongCluster';
}

/** A plan with what to know about it. */
export interface Plan {
  readonly items: readonly PlanItem[];
  readonly notes: readonly string[];
  readonly state: NetworkState;
}

export interface InitialiseOptions {
  readonly wanted: WantedNetwork;
  /** Folder that relative paths of the file start from. */
  readonly root: string;
  readonly keyring: Keyring;
  readonly journal: Journal;
  /** Why the official tools cannot deploy from here; null where they can. */
  readonly toolsMissing: string | null;
  /** Puts the artifact on chain by the official tools. */
  readonly deploy: (artifact: Artifact, isNew: boolean) => Promise<void>;
  /** Shows a plan and answers whether to carry it out. */
  readonly confirm: (plan: Plan) => Promise<boolean>;
  /** Told before each step, when its transaction was sent, and when it is done. */
  readonly onProgress: (phase: 'begin' | 'sent' | 'done', what: string) => void;
}

/** Brings a chain to what its file wants: reads, plans, asks, does one step, reads again. */
export class NetworkInitialiser {
  readonly #options: InitialiseOptions;
  readonly #rpc: SolanaRpc;
  readonly #chain: PlanContext['chain'];
  readonly #artifact: Artifact | null;
  readonly #sender: Sender;
  #slow: SlowState | null = null;
  #slot = 0;

  constructor(options: InitialiseOptions) {
    const { wanted, root, keyring, journal, onProgress } = options;
    this.#options = options;
    this.#rpc = new SolanaRpc(wanted.rpc_url);
    const addresses = new Addresses(wanted.program.id, wanted.usdc.mint);
    this.#chain = { addresses, instructions: new Instructions(addresses) };
    this.#artifact = artifactOf(root, wanted.program.artifact);
    const onSent = (signature: string) => onProgress('sent', signature);
    this.#sender = new Sender({ rpc: this.#rpc, wanted, keyring, journal, onSent });
  }

  /** What separates the chain from the file now. @throws ChainUnavailable, AccountMalformed, WrongCluster */
  async plan(): Promise<Plan> {
    await this.#checkCluster();
    return this.#plan();
  }

  /**
   * Carries out what `confirm` agrees to. Answers the last plan: what is left of it could not be done, waits, or was declined. Killed at any
   * point, the next run goes on.
   *
   * @throws StepFailed, ChainUnavailable, AccountMalformed, WrongCluster
   */
  async apply(): Promise<Plan> {
    const { confirm, onProgress } = this.#options;
    await this.#checkCluster();
    const earlier = await this.#sender.settleJournal();
    if (earlier !== null) onProgress('done', earlier);
    for (let round = 1; round <= plansMax; round++) {
      const plan = this.#signable(await this.#plan());
      const ids = new Set(plan.items.flatMap(({ steps }) => steps.map(({ id }) => id)));
      if (!(await confirm(plan)) || ids.size === 0) return plan;
      await this.#carryOut(plan, ids);
    }
    throw new StepFailed('the chain keeps changing while this runs: look who else changes it');
  }

  /** Unsigned transactions of the plan's next steps that keys outside this run sign: their signer pays. Base64, by step. */
  unsigned(plan: Plan): { readonly step: string; readonly signer: string; readonly transaction: string }[] {
    const { keyring } = this.#options;
    return plan.items.flatMap(({ steps: [next] }) => {
      const [signer, ...others] = (next?.signers ?? []).filter((address) => !keyring.has(address));
      if (next === undefined || signer === undefined || others.length > 0 || next.deed.kind !== 'transaction')
        return [];
      const payer = new PublicKey(signer);
      // Whoever proposes it puts a fresh blockhash there.
      const transaction = wireOf(buildTransaction(next.deed.build(payer), payer, zeroBlockhash));
      return [{ step: next.id, signer, transaction }];
    });
  }

  async #plan(): Promise<Plan> {
    const { wanted, toolsMissing } = this.#options;
    const access = { rpc: this.#rpc, addresses: this.#chain.addresses };
    this.#slow ??= await readSlowState(access, wanted);
    let state = await readNetworkState(access, wanted, this.#slow);
    for (let read = 1; state.slot < this.#slot && read < freshReadsMax; read++) {
      await sleep(freshReadPauseMs);
      state = await readNetworkState(access, wanted, this.#slow);
    }
    if (state.slot < this.#slot) throw new StepFailed('the node stays behind what it confirmed: use another one');
    const context: PlanContext = { wanted, state, chain: this.#chain, artifact: this.#artifact, toolsMissing };
    return { items: planNetwork(context), notes: planNotes(context), state };
  }

  /** Refuses what nobody here can sign. */
  #signable(plan: Plan): Plan {
    const { keyring } = this.#options;
    const items = plan.items.map((item) => {
      const missing = [...new Set(item.steps.flatMap(({ signers }) => signers))].filter((key) => !keyring.has(key));
      if (missing.length === 0) return item;
      const reasons = missing.map((key) => `${key} has to sign: give its key with --keypair, or take --unsigned`);
      return refused(item.subject, ...item.details, ...reasons);
    });
    return { ...plan, items };
  }

  /** Does the steps of a confirmed plan, each planned anew; what was not confirmed is left for the next plan. */
  async #carryOut(plan: Plan, confirmed: ReadonlySet<string>): Promise<void> {
    const done = new Map<string, number>();
    let present = plan;
    for (let count = 1; count <= stepsMax; count++) {
      const steps = present.items.flatMap(({ steps: [next] }) => (next === undefined ? [] : [next]));
      const next = steps.find(({ id }) => confirmed.has(id));
      if (next === undefined) return;
      const times = (done.get(next.id) ?? 0) + 1;
      if (times > repeatsMax) throw new StepFailed(`${next.id}: done ${repeatsMax} times without effect`);
      done.set(next.id, times);
      await this.#do(next, present.state);
      present = this.#signable(await this.#plan());
    }
  }

  async #do(step: Step, state: NetworkState): Promise<void> {
    const { onProgress, keyring, deploy } = this.#options;
    const { deed } = step;
    await this.#untilClock(step, state.now);
    onProgress('begin', step.id);
    if (deed.kind === 'deploy') {
      if (this.#artifact === null) throw new StepFailed('there is no artifact');
      await deploy(this.#artifact, state.program === null);
    } else if (deed.kind === 'airdrop') {
      await Promise.all(deed.accounts.map((account) => this.#airdrop(account, deed.lamports)));
    } else {
      const payer = keyring.payer?.keypair.publicKey;
      if (payer === undefined) throw new StepFailed('no key pays: give one with --keypair');
      this.#slot = await this.#sender.run(step, deed.build(payer));
    }
    if (deed.kind === 'deploy' || step.id.startsWith('migrate ')) this.#slow = null;
    onProgress('done', step.id);
  }

  async #untilClock(step: Step, now: number): Promise<void> {
    if (step.notBefore <= now) return;
    this.#options.onProgress('begin', `wait ${step.notBefore - now} s for ${step.id}`);
    const deadline = Date.now() + (step.notBefore - now) * 1_000;
    while (Date.now() < deadline) await sleep(Math.min(waitPauseMs, Math.max(1, deadline - Date.now())));
  }

  async #airdrop(account: string, lamports: bigint): Promise<void> {
    const signature = await this.#rpc.call('requestAirdrop', [account, Number(lamports)], z.string());
    for (let look = 1; look <= freshReadsMax; look++) {
      const [status] = await this.#rpc.getSignatureStatuses([signature]);
      if (status?.err !== undefined && status.err !== null) break;
      if (status?.confirmationStatus === 'confirmed' || status?.confirmationStatus === 'finalized') {
        this.#slot = Math.max(this.#slot, status.slot);
        return;
      }
      await sleep(freshReadPauseMs);
    }
    throw new StepFailed(`airdrop to ${account} did not arrive: the cluster gives no more; send SOL there yourself`);
  }

  async #checkCluster(): Promise<void> {
    const { cluster } = this.#options.wanted;
    const genesis = await this.#rpc.call('getGenesisHash', [], z.string());
    const [known = 'localnet'] = Object.entries(genesisOf).find(([, prefix]) => genesis.startsWith(prefix)) ?? [];
    if (known !== cluster)
      throw new WrongCluster(`the node is of ${known}, and the file of ${cluster}: nothing was done`);
  }
}

function artifactOf(root: string, path: string): Artifact | null {
  const [full, committed] = [
    resolve(root, path),
    fileURLToPath(new URL(`../../${committedArtifact}`, import.meta.url)),
  ];
  if (!existsSync(full)) return null;
  const sha256 = elfHash(readFileSync(full));
  const isCommitted = full === committed || (existsSync(committed) && elfHash(readFileSync(committed)) === sha256);
  return { path, sha256, isCommitted };
}
