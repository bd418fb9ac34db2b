import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { books, queueDifference, shareDifference, sumDifferences } from '#support/program/conservation.ts';
import { program } from '#support/program/client.ts';
import { executed, restore, snapshot } from '../matrix/attempt.ts';
import { SCENARIOS } from '../matrix/scenarios.ts';
import { Stage, nameOf } from '../matrix/stage.ts';
import { type Extreme, extremesOf } from './extremes.ts';

/** Token program: the account holds less. It is asked before our books are, and undoes everything. */
const notThatMuch = 'Anchor 1';
const programErrors = new Set(program.idl.errors?.map(({ name }) => name.charAt(0).toUpperCase() + name.slice(1)));

/** Answers to the largest value of each amount that enters: the argument's own unit goes to 2^64 − 1. */
const largest: Readonly<Record<string, string | null>> = {
  'set_delegate.expires_at': null,
  'set_delegate.turnover_cap': null,
  'set_delegate.max_slippage_bps': 'InvalidConfig',
  'deposit_collateral.amount': 'MathOverflow',
  'withdraw_collateral.amount': 'InsufficientCollateral',
  'open_position.size': 'MathOverflow',
  'open_position.leverage_e2': 'LeverageOutOfBounds',
  'open_position.worst_price': null,
  'open_position.expected_seq': 'StaleCommand',
  'open_position.min_publish_time': 'PriceTooEarly',
  // All of the position.
  'close_position.size': null,
  'close_position.worst_price': 'SlippageExceeded',
  'close_position.expected_seq': 'StaleCommand',
  'close_position.min_publish_time': 'PriceTooEarly',
  'trade.size': 'OpenInterestExceeded',
  'trade.leverage_e2': 'LeverageOutOfBounds',
  'trade.worst_price': 'SlippageExceeded',
  'trade.expected_seq': 'StaleCommand',
  'trade.min_publish_time': 'PriceTooEarly',
  'add_margin.amount': 'InsufficientCollateral',
  'add_margin.expected_seq': 'StaleCommand',
  'remove_margin.amount': 'MarginTooLow',
  'remove_margin.expected_seq': 'StaleCommand',
  'remove_margin.min_publish_time': 'PriceTooEarly',
  'donate.amount': 'MathOverflow',
  'request_mint.amount': notThatMuch,
  'request_redeem.shares': 'InsufficientShares',
  'queue_withdrawal.amount': 'InsufficientCollateral',
  'withdraw_treasury.amount': 'InsufficientTreasury',
  'fund_insurance.amount': 'MathOverflow',
  'pause_operations.operations': 'InvalidConfig',
  'resume_operations.operations': 'InvalidConfig',
};

/** Instructions that set parameters: their bounds have tests of their own; here every end is refused by a name or kept whole. */
const settingParameters = new Set(['initialize_exchange', 'create_market', 'propose_change', 'tighten_market']);

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const isLargest = ({ value }: Extreme): boolean =>
  [8n, 16n, 32n, 64n, 128n].some((bits) => value === 2n ** bits - 1n || value === 2n ** (bits - 1n) - 1n);

let stage: Stage;
const seen = new Set<string>();
let tried = 0;

beforeAll(async () => {
  stage = await Stage.create();
});

const withIntegers = SCENARIOS.filter(({ instruction }) => {
  const args = program.idl.instructions.find((each) => snakeCase(each.name) === instruction)?.args ?? [];
  return args.length > 0;
});

describe('every integer of every instruction at the ends of its range is refused by name, or harms no balance', () => {
  it.each(withIntegers.map((scenario) => [nameOf(scenario), scenario] as const))('%s', async (_name, scenario) => {
    const { world, baseline } = await stage.play(scenario);
    const { chain } = world.exchange;
    const before = snapshot(chain);
    const wrong: string[] = [];
    for (const extreme of extremesOf(baseline.instruction)) {
      tried += 1;
      const place = `${scenario.instruction}.${snakeCase(extreme.field)}`;
      const { error, changed } = executed(chain, extreme.instruction, baseline.signers, 'kept');
      const named = error === null || error === notThatMuch || programErrors.has(error);
      if (!named) wrong.push(`${place} = ${extreme.value}: ${error}`);
      if (error !== null && changed.length > 0)
        wrong.push(`${place} = ${extreme.value}: refused, and changed something`);
      if (error === null) {
        const { owned, vault } = books(chain);
        expect(owned, `${place} = ${extreme.value}: the books and the vault`).toBe(vault);
        expect(sumDifferences(chain)).toEqual([]);
        expect(shareDifference(chain)).toBeNull();
        expect(queueDifference(chain)).toBeNull();
        restore(chain, before);
      }
      const expected = largest[place];
      if (settingParameters.has(scenario.instruction) || !isLargest(extreme) || extreme.value === 1n) continue;
      seen.add(place);
      if (expected === undefined) wrong.push(`nothing says how ${place} is answered at its largest`);
      else if (error !== expected) wrong.push(`${place} = ${extreme.value}: ${error ?? 'accepted'}, not ${expected}`);
    }
    expect(wrong).toEqual([]);
  });
});

afterAll(() => {
  expect([...Object.keys(largest)].filter((place) => !seen.has(place))).toEqual([]);
  expect(tried).toBeGreaterThan(400);
});
