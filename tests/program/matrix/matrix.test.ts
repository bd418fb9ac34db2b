import { mkdirSync, writeFileSync } from 'node:fs';
import { SYSVAR_INSTRUCTIONS_PUBKEY } from '@solana/web3.js';
import type { ChainAccount } from '../../../local/solana/account.ts';
import { PROGRAM_ID } from '#support/program/addresses.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attempted, differences, executed, restore, simulated, snapshot, whileWritten } from './attempt.ts';
import type { Expected } from './defaults.ts';
import { FIRST_RULES, RULES, type Rule, verdictOn } from './expectations.ts';
import { type Baseline, type Mutation, mutated, mutationsOf } from './mutations.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';
import { SLOTS, STATE_TYPES, type Slot, slotsOf } from './slots.ts';
import { type Played, Stage, nameOf } from './stage.ts';
import type { World } from './world.ts';

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

let stage: Stage;

/** What was tried, and answered: filled by the scenarios, looked at by the tests of coverage. */
const tried = new Map<string, number>();
const usedRules = new Set<Rule>();
const harmlessTries: string[] = [];
/** Which instructions create an account of each type. */
const creators = new Map<string, Set<string>>();

beforeAll(async () => {
  stage = await Stage.create();
});

/** Tries one substitution; undefined where it was answered as it must be. */
function wrongAnswer(
  { world, baseline }: Played,
  scenario: Scenario,
  slot: Slot,
  mutation: Mutation,
): string | undefined {
  const { chain } = world.exchange;
  const instruction = mutated(baseline, slot, mutation);
  const signers = mutation.signer === undefined ? baseline.signers : [...baseline.signers, mutation.signer];
  const original = baseline.instruction.keys[slot.index]?.pubkey.toBase58() ?? '';
  const isCreated = chain.vm.account(original) === undefined && !slot.signer && slot.writable;
  const { kind } = slot;
  if (isCreated && kind.of === 'state') {
    creators.set(kind.type, (creators.get(kind.type) ?? new Set()).add(slot.instruction));
  }
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
  const error = attempted(chain, instruction, signers);
  return error === expected ? undefined : `${place}: ${error ?? 'accepted'} instead of ${expected}`;
}

describe('an account in the wrong place is refused for that reason, and nothing changes', () => {
  it.each(SCENARIOS.map((scenario) => [nameOf(scenario), scenario] as const))('%s', async (_name, scenario) => {
    const played = await stage.play(scenario);
    const { world, baseline } = played;
    const { chain } = world.exchange;
    const before = snapshot(chain);
    expect(simulated(chain, baseline.instruction, baseline.signers), 'the right accounts').toBeNull();
    const slots = slotsOf(scenario.instruction);
    const wrong = slots.flatMap((slot) => {
      const answers = mutationsOf(world, slots, slot, baseline).flatMap(
        (mutation) => wrongAnswer(played, scenario, slot, mutation) ?? [],
      );
      const changed = differences(before, snapshot(chain));
      restore(chain, before);
      return changed.length === 0 ? answers : [...answers, `${slot.name}: changed ${changed.join(', ')}`];
    });
    expect(wrong).toEqual([]);
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

  it('saw accounts of each type created by one instruction only, which the matrix holds to its derived address', () => {
    const several = [...creators].filter(([, instructions]) => instructions.size > 1);
    expect(several).toEqual([]);
    expect([...creators.keys()].sort()).toEqual([...STATE_TYPES].sort());
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
