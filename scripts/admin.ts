import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import bs58 from 'bs58';
import * as z from 'zod';
import { walletOfSecret } from '../examples/wallet.ts';
import { Operator } from './lib/operator.ts';

// `npm run admin -- METHOD PATH [BODY]`: an operator's request, signed by his wallet. See docs/runbooks/README.md.
const usage = `npm run admin -- METHOD PATH [BODY]             an operation under /api/admin; what changes something is signed for itself
npm run admin -- POST /api/admin/transactions BODY   a role of the program: shown, signed, sent, awaited
npm run admin -- add-keeper|remove-keeper ADDRESS    who may sign trades

  --api URL         the worker (default http://localhost:8787)
  --key FILE        the wallet's key, as solana-keygen writes it (default: of a local exchange)
  --state-dir DIR   the local exchange's folder (default .quantdesk)`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    api: { type: 'string', default: 'http://localhost:8787' },
    key: { type: 'string' },
    'state-dir': { type: 'string', default: '.quantdesk' },
  },
});

/** The secret key in base58. */
function secretOf(): string {
  if (values.key !== undefined) {
    const bytes = z
      .array(z.int().min(0).max(255))
      .length(64)
      .parse(JSON.parse(readFileSync(values.key, 'utf8')));
    return bs58.encode(Uint8Array.from(bytes));
  }
  const keys: unknown = JSON.parse(readFileSync(join(values['state-dir'], 'keys.json'), 'utf8'));
  return z.object({ admin: z.string() }).parse(keys).admin;
}

async function run(operator: Operator): Promise<boolean> {
  const [what = '', target = '', body = null] = positionals;
  const keeperChange = { 'add-keeper': 'add_keeper', 'remove-keeper': 'remove_keeper' } as const;
  if (what === 'add-keeper' || what === 'remove-keeper') {
    const confirmation = await operator.changeKeeper(keeperChange[what], target);
    console.log(JSON.stringify(confirmation));
    return confirmation.kind === 'landed';
  }
  const answer = await operator.send(what.toUpperCase(), target, body);
  if (what.toUpperCase() === 'POST' && target === '/api/admin/transactions') {
    const confirmation = await operator.use(answer);
    console.log(JSON.stringify(confirmation));
    return confirmation.kind === 'landed';
  }
  console.log(answer.text);
  return answer.status < 300;
}

if (positionals.length < 2) {
  console.error(usage);
  process.exit(1);
}
try {
  const operator = new Operator(values.api, walletOfSecret(secretOf()), (line) => console.error(line));
  if (!(await run(operator))) process.exitCode = 1;
} catch (error) {
  if (!(error instanceof Error)) throw error;
  console.error(`${error.name}: ${error.message}`);
  process.exitCode = 1;
}
