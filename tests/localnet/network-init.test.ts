import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Keypair, VersionedTransaction } from '@solana/web3.js';
import bs58 from 'bs58';
import * as z from 'zod';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import idl from '#program/quantdesk_perp_dex.ts';
import { localKeyring, localVariables } from '../../local/bootstrap/bootstrap.ts';
import { startHermes, type HermesServer } from '../../local/hermes/server.ts';
import { startLocalSolana, type LocalSolana } from '../../local/solana/server.ts';
import { addressOf, keypairOf, newKeys, type LocalKeys } from '../../local/supervisor/keys.ts';
import { type InitialiseOptions, NetworkInitialiser, type Plan } from '../../scripts/network/initialise.ts';
import { fileJournal, noJournal } from '../../scripts/network/journal.ts';
import { Keyring } from '../../scripts/network/keyring.ts';
import { parseNetwork } from '../../scripts/network/network-file.ts';
import { exitCodeOf, exitCodes, planLines } from '../../scripts/network/show.ts';
import { SolanaRpc } from '../../workers/chain/rpc.ts';

const elf = readFileSync('programs/quantdesk-perp-dex/artifacts/quantdesk_perp_dex.so');
const source = readFileSync('networks/localnet.toml', 'utf8');
const insurance = '[insurance]\nbalance_min = "1_000 USDC"\nfunded_by = "$ADMIN_ADDRESS"\n';

let hermes: HermesServer;
let solana: LocalSolana;
let keys: LocalKeys;
let stateDir: string;

type Changes = readonly (readonly [string, string])[];

/** The file of the local network in which texts were replaced. */
function fileWith(changes: Changes = []): string {
  return changes.reduce((text, [from, to]) => {
    expect(text).toContain(from);
    return text.replace(from, to);
  }, source);
}

function initialiser(changes: Changes = [], rest: Partial<InitialiseOptions> = {}): NetworkInitialiser {
  return new NetworkInitialiser({
    wanted: parseNetwork('file', fileWith(changes), localVariables({ rpcUrl: solana.url, keys })),
    root: resolve('.'),
    keyring: localKeyring(keys),
    journal: noJournal,
    toolsMissing: null,
    deploy: () => Promise.reject(new Error('nothing is deployed here')),
    confirm: () => Promise.resolve(true),
    onProgress: () => undefined,
    ...rest,
  });
}

const apply = (changes: Changes = [], rest: Partial<InitialiseOptions> = {}) => initialiser(changes, rest).apply();
const transactions = () => solana.state()['transactions'];
const partOf = ({ items }: Plan, outcome: string) =>
  items.filter((item) => item.outcome === outcome).map(({ subject, details }) => ({ subject, details }));

class Killed extends Error {}

/** Runs again and again, each run dying at the first `phase` of a step, until one has nothing left to do. Answers what the runs did. */
async function applyDyingAt(phase: 'sent' | 'done', changes: Changes): Promise<string[]> {
  const journal = fileJournal(join(stateDir, `journal-${phase}.json`));
  const told: string[] = [];
  for (let run = 1; run <= 60; run++) {
    const onProgress = (at: string, what: string) => {
      if (at === 'done') told.push(`${at} ${what}`);
      if (at === phase && !what.includes('earlier run')) throw new Killed();
    };
    try {
      const left = await apply(changes, { journal, onProgress });
      expect(exitCodeOf(left)).toBe(exitCodes.done);
      return told;
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
    }
  }
  throw new Error(`60 runs did not finish: ${told.join(', ')}`);
}

beforeAll(async () => {
  hermes = await startHermes();
});
afterAll(() => hermes.close());
beforeEach(async () => {
  keys = newKeys();
  stateDir = mkdtempSync(join(tmpdir(), 'quantdesk-network-'));
  const programs = [{ id: idl.address, elf, upgradeAuthority: addressOf(keys.admin) }];
  solana = await startLocalSolana({ hermes: hermes.url, programs });
});
afterEach(async () => {
  await solana.close();
  rmSync(stateDir, { recursive: true, force: true });
});

describe('a network brought to its file', () => {
  it('shows everything first, does it, and finds nothing to do the second time', async () => {
    const shown: Plan[] = [];
    const confirm = (plan: Plan) => Promise.resolve(shown.push(plan) > 0);
    const left = await apply([], { confirm });
    expect(partOf(shown[0] ?? expect.fail(), 'create').map(({ subject }) => subject.split(' ')[0])).toEqual([
      ...['USDC', 'exchange', 'market', 'market', 'market', "keepers'", 'pool'],
    ]);
    expect(left.items.map(({ outcome }) => outcome)).toEqual(left.items.map(() => 'unchanged'));
    expect(left.state).toMatchObject({ pool: { supply: 5_000_000_000_000n } });
    expect(left.state.markets.map(({ symbol, backing }) => [symbol, backing])).toEqual([
      ['SOL-PERP', 2_000_000_000_000n],
      ['BTC-PERP', 1_500_000_000_000n],
      ['ETH-PERP', 1_500_000_000_000n],
    ]);
    const before = transactions();
    expect(exitCodeOf(await apply())).toBe(exitCodes.done);
    expect(transactions()).toBe(before);
  });

  it('changes nothing where the plan is declined', async () => {
    const before = transactions();
    const left = await apply([], { confirm: () => Promise.resolve(false) });
    expect(exitCodeOf(left)).toBe(exitCodes.unfinished);
    expect(transactions()).toBe(before);
  });

  it.each(['sent', 'done'] as const)(
    'goes on after a death at every step (%s), and does none of them twice',
    async (phase) => {
      const told = await applyDyingAt(phase, [['[insurance]\n', insurance]]);
      const { state } = await initialiser([['[insurance]\n', insurance]]).plan();
      expect(state).toMatchObject({ insuranceBalance: 1_000_000_000n, pool: { supply: 5_000_000_000_000n } });
      expect(state.exchange).toMatchObject({ marketCount: 3, proposalCount: 0 });
      // Every test token was minted once: the pool's seed and insurance's.
      const supply = z.object({ value: z.object({ amount: z.string() }) });
      const minted = await new SolanaRpc(solana.url).call('getTokenSupply', [addressOf(keys.usdcMint)], supply);
      expect(minted.value.amount).toBe('5001000000000');
      if (phase === 'sent') expect(told).toContain('done insurance: fund of an earlier run: landed');
    },
  );

  it('loses nothing where answers of the node are lost', async () => {
    solana.control({ lose_answers: 3 });
    expect(exitCodeOf(await apply())).toBe(exitCodes.done);
  });
});

describe('a chain that differs from the file', () => {
  it('shows a parameter that was changed as from → to, and changes that alone back', async () => {
    await apply();
    await apply([['fee_bps = 6', 'fee_bps = 7']]);
    const plan = await initialiser().plan();
    expect(partOf(plan, 'change')).toEqual(
      ['SOL', 'BTC', 'ETH'].map((base) => ({
        subject: `market ${base}-PERP, parameters`,
        details: ['fee_bps (bps): 7 → 6'],
      })),
    );
    expect(planLines(plan).join('\n')).toContain('fee_bps (bps): 7 → 6');
    expect(exitCodeOf(plan)).toBe(exitCodes.unfinished);
    const left = await apply();
    expect(exitCodeOf(left)).toBe(exitCodes.done);
    expect(left.state.exchange).toMatchObject({ proposalCount: 6 });
  });

  it('only tightens without a proposal, moves weight between markets, and hands over limits and roles', async () => {
    await apply();
    const manager = Keypair.generate().publicKey.toBase58();
    const left = await apply([
      ['max_leverage = 50', 'max_leverage = 20'],
      ['lp_fee_bps = 10', 'lp_fee_bps = 25'],
      ['risk_manager = "$ADMIN_ADDRESS"', `risk_manager = "${manager}"`],
      ['cap_per_hour = "1 USDC"', 'cap_per_hour = "2 USDC"'],
      ['max_staleness_seconds = 30', 'max_staleness_seconds = 40'],
    ]);
    expect(partOf(left, 'change')).toEqual([]);
    expect(exitCodeOf(left)).toBe(exitCodes.done);
    // Three proposals of the exchange and one oracle each: the leverage took none.
    expect(left.state.exchange).toMatchObject({ proposalCount: 6 });
    const swap: Changes = [
      ['weight_bps = 4_000', 'weight_bps = 2_000'],
      ['weight_bps = 3_000\nskew_scale = "5_000 BTC"', 'weight_bps = 5_000\nskew_scale = "5_000 BTC"'],
    ];
    expect(exitCodeOf(await apply(swap))).toBe(exitCodes.done);
  });

  it('leaves alone what the file does not name', async () => {
    await apply();
    const other = Keypair.generate().publicKey.toBase58();
    await apply([
      [
        'keepers = ["$KEEPER_ADDRESSES"]\nkeeper_accounts = true',
        `keepers = ["$KEEPER_ADDRESSES", "${other}"]\nkeeper_accounts = false`,
      ],
    ]);
    const before = transactions();
    const onlySol = source.slice(source.indexOf('[[markets]]\nsymbol = "BTC-PERP"'));
    const left = await apply([[onlySol, '']]);
    expect(partOf(left, 'kept').map(({ subject }) => subject)).toEqual([
      `keeper ${other}`,
      'market BTC-PERP',
      'market ETH-PERP',
    ]);
    expect(exitCodeOf(left)).toBe(exitCodes.done);
    expect(transactions()).toBe(before);
  });

  it('announces a change that waits its time lock, waits for it in later runs, and executes it then', async () => {
    const locked = ['time_lock_seconds = 0', 'time_lock_seconds = 86_400'] as const;
    await apply([locked]);
    const change: Changes = [locked, ['cap = "2_000_000 USDC"', 'cap = "1_000_000 USDC"']];
    expect(exitCodeOf(await apply(change))).toBe(exitCodes.unfinished);
    const before = transactions();
    const waiting = await apply(change);
    expect(exitCodeOf(waiting)).toBe(exitCodes.unfinished);
    expect(partOf(waiting, 'waiting')[0]?.details).toEqual([
      'cap (usdc): 2000000 → 1000000',
      'announced as proposal 0',
      expect.stringMatching(/^can be done from \d{4}-.*: run this again then$/),
    ]);
    expect(transactions()).toBe(before);
    solana.control({ warp_seconds: 86_400 });
    expect(exitCodeOf(await apply(change))).toBe(exitCodes.done);
  });
});

describe('what a run refuses', () => {
  it('names what is frozen and who has to sign, sends nothing for it, and ends with 2', async () => {
    await apply();
    const before = transactions();
    const mint = Keypair.generate().publicKey.toBase58();
    const frozen = await apply(
      [
        ['mint = "$USDC_MINT"', `mint = "${mint}"`],
        ['fee_bps = 6', 'fee_bps = 7'],
      ],
      { confirm: (plan) => Promise.resolve(!partOf(plan, 'create').some(({ subject }) => subject.startsWith('USDC'))) },
    );
    expect(exitCodeOf(frozen)).toBe(exitCodes.refused);
    expect(partOf(frozen, 'refused').flatMap(({ details }) => details)).toContainEqual(
      expect.stringMatching(/: frozen since the exchange was made$/),
    );
    const stranger = new Keyring([{ keypair: keypairOf(keys.feePayers[0] ?? ''), path: null }]);
    const unsigned = await apply([['fee_bps = 6', 'fee_bps = 7']], { keyring: stranger });
    expect(exitCodeOf(unsigned)).toBe(exitCodes.refused);
    expect(partOf(unsigned, 'refused')[0]?.details).toContain(
      `${addressOf(keys.admin)} has to sign: give its key with --keypair, or take --unsigned`,
    );
    expect(transactions()).toBe(before);
  });

  it('does nothing on a node of another cluster than the file says', async () => {
    const devnet = {
      ...parseNetwork('file', source, localVariables({ rpcUrl: solana.url, keys })),
      cluster: 'devnet' as const,
    };
    const before = transactions();
    await expect(apply([], { wanted: devnet })).rejects.toThrow('the node is of localnet, and the file of devnet');
    expect(transactions()).toBe(before);
  });

  it('gives a multisig the unsigned transaction instead, which lands once it is signed', async () => {
    await apply();
    const changes: Changes = [['lp_fee_bps = 10', 'lp_fee_bps = 25']];
    const payer = { keypair: keypairOf(keys.feePayers[0] ?? ''), path: null };
    const run = initialiser(changes, { keyring: new Keyring([payer]) });
    const [first, ...others] = run.unsigned(await run.plan());
    expect(others).toEqual([]);
    expect(first).toMatchObject({ step: 'exchange limits: propose', signer: addressOf(keys.admin) });
    const transaction = VersionedTransaction.deserialize(Buffer.from(first?.transaction ?? '', 'base64'));
    const rpc = new SolanaRpc(solana.url);
    transaction.message.recentBlockhash = (await rpc.getLatestBlockhash()).blockhash;
    transaction.sign([keypairOf(keys.admin)]);
    await rpc.sendTransaction(Buffer.from(transaction.serialize()).toString('base64'));
    // What is left, anyone may do: the payer alone.
    expect(exitCodeOf(await apply(changes, { keyring: new Keyring([payer]) }))).toBe(exitCodes.done);
  });
});

describe('npm run network:init', () => {
  const run = (...args: string[]) => {
    const { promise, resolve: settle } = Promise.withResolvers<{ code: number; output: string }>();
    const env = { ...process.env, RPC_URL: solana.url };
    execFile(
      process.execPath,
      ['scripts/network-init.ts', 'localnet', '--state-dir', stateDir, ...args],
      { env },
      (error, stdout, stderr) => settle({ code: Number(error?.code ?? 0), output: stdout + stderr }),
    );
    return promise;
  };

  it('shows the plan with 3 and no key on the screen, does nothing unasked, and does it with --yes', async () => {
    writeFileSync(join(stateDir, 'keys.json'), JSON.stringify(keys));
    const before = transactions();
    const planned = await run('--plan');
    expect(planned).toMatchObject({
      code: exitCodes.unfinished,
      output: expect.stringContaining('+ create    market SOL-PERP'),
    });
    expect(transactions()).toBe(before);
    const done = await run('--yes');
    expect(done).toMatchObject({ code: exitCodes.done, output: expect.stringContaining('✓ pool: execute deposit') });
    for (const secret of [keys.admin, keys.keeper, keys.faucet])
      for (const { output } of [planned, done]) {
        expect(output).not.toContain(secret);
        expect(output).not.toContain(Buffer.from(bs58.decode(secret)).toString('base64'));
      }
  });
});
