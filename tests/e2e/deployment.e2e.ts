import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

/** Where wrangler finds nobody's login. */
const home = mkdtempSync(join(tmpdir(), 'quantdesk-no-account-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Nothing listens there: no test asks a network. */
const nowhere = 'http://127.0.0.1:9';
const commandMsMax = 170_000;

interface Outcome {
  readonly code: number;
  readonly said: string;
}

/** Runs a command of the operator's, without an account. */
function command(...args: readonly string[]): Promise<Outcome> {
  const { PATH } = process.env;
  const env = { PATH, HOME: home, XDG_CONFIG_HOME: home, RPC_URL: nowhere };
  return new Promise((resolve) => {
    execFile(process.execPath, [...args], { env, timeout: commandMsMax }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : 1, said: stdout + stderr });
    });
  });
}

/** Where each step of a deployment begins in what was said, in the order they have to come. */
const placesIn = (said: string): readonly number[] =>
  [
    ...['check', 'settings', 'build', 'bundle', 'served version', 'migrate', 'program', 'upload', 'try out'],
    ...['promote', 'web'],
  ].map((step) => said.search(new RegExp(`^${step}(  |$)`, 'm')));

describe('without an account', () => {
  test('the plan names every step in its order', async () => {
    const { code, said } = await command('scripts/deploy.ts', 'production', '--plan');
    const places = placesIn(said);
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((one, other) => one - other));
    expect(code).toBe(0);
  });

  test('a dry run builds the terminal and the worker, and leaves out what needs the account', async () => {
    const { code, said } = await command('scripts/deploy.ts', 'staging', '--dry-run', '--from', 'build');
    expect(said).toMatch(/bundle\n.*\n {2}Total Upload: \d+/);
    expect(said).toContain('upload  (not run: needs the account)');
    expect(code).toBe(0);
  });

  test('nothing but the checks can be left out: what is built is for this environment, what is migrated for this commit', async () => {
    const { code, said } = await command('scripts/deploy.ts', 'production', '--plan', '--from', 'upload');
    expect([code, said]).toEqual([1, expect.stringContaining('Only the checks can be left out')]);
  });

  test('the doctor tells what is missing, each with what to do, and that nobody is logged in', async () => {
    const { code, said } = await command('scripts/doctor.ts', 'staging');
    expect(code).toBe(1);
    for (const part of ['KEEPER_SECRET_KEY', 'database', 'network', 'risk-checks-staging', 'Pages project']) {
      expect(said).toMatch(new RegExp(`[✗?] .*${part}.*\\n +→ \\S`));
    }
    expect(said).toMatch(/! METRICS_TOKEN +is not given: .*no alert fires\n +→ \S/);
    expect(said).toContain('not logged in, so nothing of the account could be asked');
  });

  test('a smoke test without an address says what to give', async () => {
    const { code, said } = await command('scripts/smoke.ts', 'nonsense');
    expect([code, said]).toEqual([1, expect.stringContaining('Give the address')]);
  });
});
