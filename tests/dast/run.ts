/**
 * `npm run dast -- [--url https://api.example] [--seconds 300]`: looks at a running exchange from outside, as a stranger and as a trader. Without
 * `--url` at one of its own. Own probes (headers, TLS, traversal, injection, auth), then Schemathesis over `/openapi.json`, where Python is.
 * Writes test-results/dast.md; ends with 1 where something was found, with 2 where Schemathesis could not run.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { HttpCaller, signIn } from '#support/http-caller.ts';
import { startWorker } from '#support/running-worker.ts';
import { probe } from './probes.ts';

const schemathesisVersion = '4.32.5';
const folder = 'test-results/dast';
/** Below every limit of the exchange, which would answer instead of what is tested. */
const requestsPerMinute = 900;

const { values: flags } = parseArgs({
  options: { url: { type: 'string' }, seconds: { type: 'string', default: '120' } },
});

/** The tool, in an environment of its own; null where Python or its packages cannot be had. */
function installed(): string | null {
  const tool = join(folder, 'venv/bin/schemathesis');
  if (existsSync(tool)) return tool;
  try {
    execFileSync('python3', ['-m', 'venv', join(folder, 'venv')], { stdio: 'pipe' });
    const pip = ['install', '--quiet', '--disable-pip-version-check', `schemathesis==${schemathesisVersion}`];
    execFileSync(join(folder, 'venv/bin/pip'), pip, { stdio: 'pipe', timeout: 300_000 });
    return tool;
  } catch {
    return null;
  }
}

/** What ends the session that asks, or takes signatures, which the tests make. */
const excluded = ['--exclude-path-regex', '^/api/(dev|admin|auth)/'];
const checks = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_schema_conformance',
  'unsupported_method',
  'ignored_auth',
];

/** The exchange answers from this process as well: nothing here may hold it up meanwhile. */
async function schemathesis(tool: string, url: string, token: string) {
  const child = spawn(
    tool,
    [
      ...['run', `${url}/openapi.json`, '--url', url, '--checks', checks.join(','), '--max-time', flags.seconds],
      ...['--phases', 'coverage,fuzzing', '--rate-limit', `${requestsPerMinute}/m`, '--seed', '7'],
      ...['--continue-on-failure', '--header', `Authorization: Bearer ${token}`, '--no-color', '--warnings', 'off'],
      ...excluded,
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  await once(child, 'close');
  return { code: child.exitCode ?? 1, output };
}

const worker = flags.url === undefined ? await startWorker() : null;
const url = flags.url ?? worker?.url ?? '';
try {
  mkdirSync(folder, { recursive: true });
  const { findings, requests } = await probe(url);
  for (const finding of findings) console.log(`${finding.probe}: ${finding.what}`);
  console.log(`own probes: ${requests} requests, ${findings.length} findings`);
  const tool = installed();
  let told = 'Schemathesis was not run: Python or its packages cannot be had here.';
  let code = 2;
  if (tool !== null) {
    const caller = new HttpCaller(url);
    const { token } = await signIn(caller);
    caller.close();
    const ran = await schemathesis(tool, url, token);
    [told, code] = [ran.output, ran.code];
  }
  console.log(told.slice(-6_000));
  const list = findings.map(({ probe: name, what }) => `- ${name}: ${what}`).join('\n') || 'None.';
  writeFileSync(
    'test-results/dast.md',
    `# What a look from outside found\n\n## Own probes (${requests} requests)\n\n${list}\n\n## Schemathesis ${schemathesisVersion}\n\n\`\`\`\n${told}\n\`\`\`\n`,
  );
  process.exitCode = findings.length > 0 || code === 1 ? 1 : code;
} finally {
  await worker?.close();
}
