/** Who runs a command of the documents: a file, and the words in it that say so; a workflow, by the script. Or why nobody does here. */
export type Runner =
  | { readonly by: string; readonly says: string }
  | { readonly workflow: string }
  | { readonly not: keyof typeof notHere };

/** What no test has, and what stands in its place. */
export const notHere = {
  cloudflare: 'needs a Cloudflare account; what it names is compared with wrangler.toml',
  solana: 'Solana’s and Anchor’s own tools come from no package registry; `network:init` is tested without them',
  network: 'sends real transactions to a public network; the same command is tested against the local one',
  own: 'a tool of the reader’s own system',
  measures: 'measures the machine it runs on for minutes; what it measures is tested on its own',
} as const;

const workflow = (script: string): Runner => ({ workflow: script });
const by = (file: string, says: string): Runner => ({ by: file, says });
const not = (reason: keyof typeof notHere): Runner => ({ not: reason });

const deployment = 'tests/e2e/deployment.e2e.ts';
const reference = 'tests/e2e/reference.e2e.ts';
const drill = 'tests/db/backup-drill.test.ts';
const quick = 'tests/contract/documented-commands.test.ts';

/**
 * By what a command begins with, the longest beginning counts. A command of a document that no row names fails a test, as does a row that no
 * document needs, a file that is not there and one that does not say what it is to say.
 */
export const commandRunners: Readonly<Record<string, Runner>> = {
  'npm start': by('tests/support/running-exchange.ts', 'local/supervisor/main.ts'),
  'npm test': by('.github/workflows/pull-request.yml', 'npm test -- ${{ matrix.stage }}'),
  'npm ci': by('.github/workflows/check.yml', 'npm ci --ignore-scripts'),
  'npm run check': by('.github/workflows/check.yml', 'npm run check'),
  'npm run build': by('tests/support/terminal/built-terminal.ts', 'scripts/build.ts'),
  'npm run web:origin': by('scripts/lib/web-deployment.test.ts', 'pointAtExchange('),
  'npm run docs': by('tests/contract/observability.test.ts', 'observabilityFiles('),
  'npm run docs:record': by('package.json', 'tests/e2e/examples.e2e.ts'),
  'npm run licences': by('scripts/check-licences.mjs', './lib/licences.mjs'),
  'npm run sbom': by(quick, "'scripts/sbom.mjs'"),
  'npm run migrations:lock': by('scripts/deploy/migration-lock.test.ts', 'newLines('),
  'npm run db:generate': by('tests/db/catalog.test.ts', 'node_modules/drizzle-kit/bin.cjs'),
  'npm run db:migrate': by('tests/db/catalog.test.ts', 'migrateDatabaseServer('),
  'npm run backup': by(drill, 'scripts/${script}.ts'),
  'npm run restore': by(drill, 'scripts/${script}.ts'),
  'npm run reindex': by('tests/db/reindex.test.ts', 'scripts/reindex.ts'),
  'npm run admin': by(reference, 'scripts/admin.ts'),
  'npm run verify': by(reference, 'scripts/verify.ts'),
  'npm run analyst:backtest': by('scripts/lib/analyst-backtest.test.ts', 'backtest('),
  'npm run doctor': by(deployment, 'scripts/doctor.ts'),
  'npm run smoke': by(deployment, 'scripts/smoke.ts'),
  'npm run deploy:staging': by(deployment, "'scripts/deploy.ts', 'staging'"),
  'npm run deploy:production': by(deployment, "'scripts/deploy.ts', 'production'"),
  'npm run rollback': not('cloudflare'),
  'npm run secret': by('scripts/deploy/changed-secrets.test.ts', 'changedSecrets('),
  'npm run network:init': by('tests/localnet/network-init.test.ts', 'scripts/network-init.ts'),
  'npm run network:init -- devnet': not('network'),
  'npm run network:init -- mainnet': not('network'),
  'npm run audit': workflow('audit'),
  'npm run bench': workflow('bench'),
  'npm run chaos': workflow('chaos'),
  'npm run coverage': workflow('coverage'),
  'npm run dast': workflow('dast'),
  'npm run load': workflow('load'),
  'npm run soak': workflow('soak'),
  'npm run program:fuzz': workflow('program:fuzz'),
  'npm run program:mutants': workflow('program:mutants'),
  'npm run program:verify': by('.github/workflows/pull-request.yml', 'npm run program:verify'),
  'npm run program:build': by('programs/sbf/verify.mjs', 'programs/sbf/build.mjs'),
  'npm run program:compute': by('package.json', 'tests/program/compute-units.test.ts'),
  'npm run perf:web': not('measures'),
  'npm run screens': by('tests/e2e/terminal/screens.e2e.ts', '#support/terminal/screens.ts'),
  'npx vitest run': by('.github/workflows/check.yml', 'npx vitest run'),
  'npx node local/hermes/main.ts': by('local/supervisor/parts.ts', 'local/hermes/main.ts'),
  'npx node local/solana/main.ts': by('tests/localnet/persistence.test.ts', 'local/solana/main.ts'),
  'npx node examples/liquidator.ts': by('tests/workers/risk/liquidator.test.ts', 'examples/liquidator.ts'),
  'npx node examples/sign-in.ts': by(reference, 'docs/quickstart.md'),
  'npx wrangler': not('cloudflare'),
  wrangler: not('cloudflare'),
  curl: by('tests/e2e/examples.e2e.ts', 'guides'),
  'solana-keygen': not('solana'),
  'solana program': not('solana'),
  'anchor build': not('solana'),
  ...Object.fromEntries(
    ['psql', 'ls', 'rm', 'jq', 'kill', 'openssl', 'until', 'export'].map((name) => [name, not('own')]),
  ),
};

/** Whether the text of a workflow runs a script, by itself or as one of a matrix. */
export const runsScript = (text: string, script: string): boolean =>
  new RegExp(`(?:npm run |[[ ,]'?)${script}(?:'?[,\\]]|\\s|$)`, 'm').test(text.replaceAll(/^\s*(?:#|name:).*$/gm, ''));

/** The row of a command; undefined where none begins like it. */
export function runnerOf(words: readonly string[]): readonly [string, Runner] | undefined {
  const line = words.filter((word) => word !== '--silent').join(' ');
  const matching = Object.entries(commandRunners).filter(
    ([begins]) => line === begins || line.startsWith(`${begins} `),
  );
  return matching.sort(([one], [other]) => other.length - one.length)[0];
}
