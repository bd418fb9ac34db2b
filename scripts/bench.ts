/**
 * Runs every measurement of tests/bench, one after the other; those that need it against one exchange of their own. Prints tables; fails only
 * where a bench does.
 *
 *   npm run bench                       all of them
 *   npm run bench -- liquidation-index  the named ones
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { startExchange } from '../tests/support/running-exchange.ts';

/** Whether a bench needs a running exchange, and of what beside its API. */
const benches: Readonly<Record<string, 'alone' | 'api' | 'api and hermes'>> = {
  'liquidation-index': 'alone',
  'fan-out': 'alone',
  'api-reads': 'alone',
  'chat-first-token': 'alone',
  'order-latency': 'api',
  'liquidation-latency': 'api and hermes',
};

const named = process.argv.slice(2);
const unknown = named.filter((name) => !(name in benches));
if (unknown.length > 0) throw new Error(`no bench ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}`);

const fileOf = (name: string) => `tests/bench/${name}.ts`;
const chosen = Object.entries(benches).filter(
  ([name]) => existsSync(fileOf(name)) && (named.length === 0 || named.includes(name)),
);

function run(name: string, flags: readonly string[]): Promise<void> {
  console.log(`\n── ${name} ──`);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [fileOf(name), ...flags], { stdio: 'inherit' });
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${name} ended with ${code}`))));
  });
}

for (const [name, needs] of chosen) if (needs === 'alone') await run(name, []);
const others = chosen.filter(([, needs]) => needs !== 'alone');
if (others.length > 0) {
  const exchange = await startExchange();
  try {
    for (const [name, needs] of others) {
      const hermes = needs === 'api and hermes' ? ['--hermes', exchange.hermesUrl] : [];
      await run(name, ['--api', exchange.apiUrl, ...hermes]);
    }
  } finally {
    await exchange.close();
  }
}
