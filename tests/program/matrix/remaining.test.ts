import { type AccountMeta, PublicKey, TransactionInstruction } from '@solana/web3.js';
import { beforeAll, describe, expect, it } from 'vitest';
import idl from '#program/quantdesk_perp_dex.ts';
import { addresses } from '#support/program/addresses.ts';
import { executed, simulated, whileWritten } from './attempt.ts';
import { ERRORS } from './defaults.ts';
import type { Baseline } from './mutations.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';
import { slotsOf } from './slots.ts';
import { Stage, nameOf } from './stage.ts';
import { TOKEN_2022, type World } from './world.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.create();
});

const named = SCENARIOS.map((scenario) => [nameOf(scenario), scenario] as const);

function rebuilt({ instruction }: Baseline, changes: { keys?: AccountMeta[]; data?: Buffer }): TransactionInstruction {
  const { programId, keys, data } = instruction;
  return new TransactionInstruction({ programId, keys: changes.keys ?? keys, data: changes.data ?? data });
}

/** The market accounts that follow the named ones. */
const remainingOf = ({ instruction }: Baseline, scenario: Scenario): AccountMeta[] =>
  instruction.keys.slice(slotsOf(scenario.instruction).length);

describe('all markets, in their order', () => {
  const scenario = SCENARIOS.find(({ variant }) => variant === 'a redemption');
  const other = (pubkey: PublicKey): AccountMeta => ({ pubkey, isSigner: false, isWritable: true });

  const cases: [string, (metas: AccountMeta[], world: World) => AccountMeta[], string][] = [
    ['none', () => [], 'WrongMarketList'],
    ['the last one missing', (metas) => metas.slice(0, -1), 'WrongMarketList'],
    ['the first one missing', (metas) => metas.slice(1), 'WrongMarketList'],
    ['in another order', (metas) => [...metas].reverse(), 'WrongMarketList'],
    ['one of them twice', (metas) => metas.flatMap((meta) => [meta, meta]).slice(0, 2), 'WrongMarketList'],
    ['one of them once more', (metas) => [...metas, ...metas.slice(-1)], 'WrongMarketList'],
    ['not writable', (metas) => metas.map((meta) => ({ ...meta, isWritable: false })), 'WrongMarketList'],
    ['the pool among them', (metas) => [...metas.slice(1), other(addresses.pool)], ERRORS.wrongDiscriminator],
    ['a wallet among them', (metas, { payer }) => [...metas.slice(1), other(payer.publicKey)], ERRORS.wrongOwner],
    ['nothing among them', (metas) => [...metas.slice(1), other(PublicKey.unique())], ERRORS.notInitialized],
  ];
  it.each(cases)('%s', async (_what, change, expected) => {
    if (scenario === undefined) throw new Error('no redemption among the scenarios');
    const { world, baseline } = await stage.play(scenario);
    const remaining = remainingOf(baseline, scenario);
    expect(remaining).toHaveLength(2);
    // The place is the second one, so that what comes first is in order.
    const changed = change(remaining, world);
    const ordered = expected === 'WrongMarketList' ? changed : [...remaining.slice(0, 1), ...changed.slice(-1)];
    const keys = [...baseline.instruction.keys.slice(0, slotsOf(scenario.instruction).length), ...ordered];
    const answer = executed(world.exchange.chain, rebuilt(baseline, { keys }), baseline.signers);
    expect(answer).toEqual({ error: expected, changed: [] });
  });

  it('of another program, of another version', async () => {
    if (scenario === undefined) throw new Error('no redemption among the scenarios');
    const { world, baseline } = await stage.play(scenario);
    const { chain } = world.exchange;
    const market = chain.vm.account(world.second.key.toBase58());
    if (market === undefined) throw new Error('no second market');
    const data = Uint8Array.from(market.data);
    data[8] = 0;
    const answers = [
      { ...market, owner: TOKEN_2022.toBase58() },
      { ...market, data },
    ].map((written) => whileWritten(chain, [written], () => executed(chain, baseline.instruction, baseline.signers)));
    expect(answers).toEqual([
      { error: ERRORS.wrongOwner, changed: [] },
      { error: 'WrongVersion', changed: [] },
    ]);
  });
});

describe('what an instruction does not ask for', () => {
  it.each(named.filter(([, { variant }]) => variant !== 'a redemption' && variant !== 'a minting'))(
    '%s: an account too many is not looked at',
    async (_name, scenario) => {
      const { world, baseline } = await stage.play(scenario);
      const extra = { pubkey: world.bob.wallet.publicKey, isSigner: false, isWritable: true };
      const keys = [...baseline.instruction.keys, extra];
      expect(simulated(world.exchange.chain, rebuilt(baseline, { keys }), baseline.signers)).toBeNull();
    },
  );
});

describe('an account too few, arguments cut short, an unknown instruction', () => {
  const argumentsOf = (name: string): number => idl.instructions.find((each) => each.name === name)?.args.length ?? 0;
  const notEnoughAccounts = 'Anchor 3005';
  const noSuchInstruction = 'Anchor 101';
  const notDecoded = 'Anchor 102';

  it.each(named)('%s', async (_name, scenario) => {
    const { world, baseline } = await stage.play(scenario);
    const { chain } = world.exchange;
    const { data, keys } = baseline.instruction;
    const answerTo = (changes: { keys?: AccountMeta[]; data?: Buffer }) => {
      const answer = executed(chain, rebuilt(baseline, changes), baseline.signers);
      expect(answer.changed).toEqual([]);
      return answer.error;
    };
    expect(answerTo({ keys: keys.slice(0, slotsOf(scenario.instruction).length - 1) })).toBe(notEnoughAccounts);
    expect(answerTo({ data: Buffer.concat([Buffer.alloc(8, 0xff), data.subarray(8)]) })).toBe(noSuchInstruction);
    expect(answerTo({ data: data.subarray(0, 7) })).toBe(noSuchInstruction);
    if (argumentsOf(scenario.instruction) > 0) {
      expect(answerTo({ data: data.subarray(0, 8) })).toBe(notDecoded);
      expect(answerTo({ data: data.subarray(0, -1) })).toBe(notDecoded);
    }
  });
});
