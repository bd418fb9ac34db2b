import { mkdirSync, writeFileSync } from 'node:fs';
import { SYSVAR_INSTRUCTIONS_PUBKEY } from '@solana/web3.js';
import type { ChainAccount } from '../../../local/solana/account.ts';
import { PROGRAM_ID } from '#support/program/addresses.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Snapshot, differences, executed, restore, simulated, snapshot, whileWritten } from './attempt.ts';
import type { Expected } from './defaults.ts';
import { FIRST_RULES, RULES, type Rule, verdictOn } from './expectations.ts';
import { type Baseline, type Mutation, mutated, mutationsOf } from './mutations.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';
import { SLOTS, type Slot, slotsOf } from './slots.ts';
import { type World, emptyWorld, fullWorld } from './world.ts';

const report = new URL('../../../test-results/', import.meta.url);

const instructionsSysvar = SYSVAR_INSTRUCTIONS_PUBKEY.toBase58();
/** Sysvars that exist only while a transaction runs. */
const sysvars = new Map<string, ChainAccount>([
  [
    instructionsSysvar,
    {
      address: instructionsSysvar,
      owner: 'Sysvar1111111111111111111111111111111111111',
      lamports: 1n,
      data: new Uint8Array(0),
      executable: false,
    },
  ],
]);

let shared: World;
let start: Snapshot;
let startTime: bigint;

/** What was tried, and answered: filled by the scenarios, looked at by the tests of coverage. */
const tried = new Map<string, number>();
const usedRules = new Set<Rule>();
const harmlessTries: string[] = [];

beforeAll(async () => {
  shared = await fullWorld();
  start = snapshot(shared.exchange.chain);
  startTime = shared.exchange.chain.now;
});

/** The world as it was before the first scenario. */
function freshWorld({ fromNothing }: Scenario): World {
  if (fromNothing === true) return emptyWorld();
  const { chain } = shared.exchange;
  restore(chain, start);
  chain.advance(startTime - chain.now);
  return shared;
}

const nameOf = ({ instruction, variant }: Scenario): string =>
  variant === undefined ? instruction : `${instruction} (${variant})`;

/** A scenario about to be played. */
interface Stage {
  readonly world: World;
  readonly scenario: Scenario;
  readonly baseline: Baseline;
}

/** Tries one substitution; undefined where it was answered as it must be. */
function wrongAnswer({ world, scenario, baseline }: Stage, slot: Slot, mutation: Mutation): string | undefined {
  const { chain } = world.exchange;
  const instruction = mutated(baseline, slot, mutation);
  const signers = mutation.signer === undefined ? baseline.signers : [...baseline.signers, mutation.signer];
  const original = baseline.instruction.keys[slot.index]?.pubkey.toBase58() ?? '';
  const isCreated = chain.vm.account(original) === undefined && !slot.signer && slot.writable;
  return whileWritten(chain, mutation.write ?? [], () => {
    const key = instruction.keys[slot.index]?.pubkey.toBase58() ?? '';
    const found = chain.vm.account(key) ?? sysvars.get(key);
    const elsewhere = (key: string) => (_: Slot, index: number) =>
      index !== slot.index && instruction.keys[index]?.pubkey.toBase58() === key;
    const slots = slotsOf(slot.instruction);
    const sameAs = slots.find(elsewhere(key));
    const programNamedElsewhere = slots.some(elsewhere(PROGRAM_ID.toBase58()));
    const substitution = { slot, mutation, found, isCreated, sameAs, programNamedElsewhere };
    const { expected, rule } = verdictOn(substitution, scenario.variant);
    if (rule !== undefined) usedRules.add(rule);
    const place = `${nameOf(scenario)}.${slot.name}`;
    tried.set(`${slot.instruction}.${slot.name}`, (tried.get(`${slot.instruction}.${slot.name}`) ?? 0) + 1);
    if (expected === undefined) return `${place}: nothing says what “${mutation.what}” must be answered with`;
    return answerTo(chain, instruction, signers, expected, `${place}, ${mutation.what}`);
  });
}

function answerTo(
  chain: World['exchange']['chain'],
  instruction: Baseline['instruction'],
  signers: Baseline['signers'],
  expected: Expected,
  place: string,
): string | undefined {
  if (typeof expected !== 'string') {
    harmlessTries.push(place);
    const error = simulated(chain, instruction, signers);
    return error === null ? undefined : `${place}: ${error}, although it is listed as harmless`;
  }
  const { error, changed } = executed(chain, instruction, signers);
  if (changed.length > 0) return `${place}: changed ${changed.join(', ')}`;
  return error === expected ? undefined : `${place}: ${error ?? 'accepted'} instead of ${expected}`;
}

describe('an account in the wrong place is refused for that reason, and nothing changes', () => {
  it.each(SCENARIOS.map((scenario) => [nameOf(scenario), scenario] as const))('%s', async (_name, scenario) => {
    const world = freshWorld(scenario);
    const baseline = await scenario.build(world);
    const { chain } = world.exchange;
    const before = snapshot(chain);
    expect(simulated(chain, baseline.instruction, baseline.signers), 'the right accounts').toBeNull();
    const slots = slotsOf(scenario.instruction);
    const wrong = slots.flatMap((slot) =>
      mutationsOf(world, slots, slot, baseline).flatMap(
        (mutation) => wrongAnswer({ world, scenario, baseline }, slot, mutation) ?? [],
      ),
    );
    expect(wrong).toEqual([]);
    expect(differences(before, snapshot(chain)), 'after all refusals').toEqual([]);
    expect(executed(chain, baseline.instruction, baseline.signers).error, 'the right accounts again').toBeNull();
  });
});

describe('the matrix covers the program', () => {
  it('has a working transaction for every instruction of the IDL', () => {
    const covered = new Set(SCENARIOS.map(({ instruction }) => instruction));
    expect([...SLOTS.keys()].filter((name) => !covered.has(name))).toEqual([]);
  });

  it('replaced every account of every instruction', () => {
    const all = [...SLOTS.values()].flat().map(({ instruction, name }) => `${instruction}.${name}`);
    expect(all.filter((place) => !tried.has(place))).toEqual([]);
  });

  it('has no line that fits nothing', () => {
    expect(
      [...FIRST_RULES, ...RULES].filter((rule) => !usedRules.has(rule)).map(([place, what]) => `${place}, ${what}`),
    ).toEqual([]);
  });
});

afterAll(() => {
  const accounts = [...SLOTS.values()].flat().length;
  const tries = [...tried.values()].reduce((sum, count) => sum + count, 0);
  mkdirSync(report, { recursive: true });
  const summary = { instructions: SLOTS.size, accounts, tries, harmless: harmlessTries.length };
  writeFileSync(new URL('substitution-matrix.json', report), `${JSON.stringify(summary, null, 2)}\n`);
});
