import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { advisoriesOf, judge } from './lib/audit-policy.mjs';
import { root } from './lib/paths.mjs';
import { exists, run } from './lib/run.mjs';

// `npm run audit`: known vulnerabilities of what npm and cargo install, by the policy in SECURITY.md. Needs the registry: without it nothing is
// known, which is said and is no pass.
const exceptions = JSON.parse(readFileSync(join(root, 'scripts/lib/audit-exceptions.json'), 'utf8'));

/** A report, or why there is none. */
async function npmReport(...args) {
  const { output } = await run('npm', ['audit', '--json', '--loglevel', 'silent', ...args], { capture: true });
  const text = output.slice(output.indexOf('{'));
  try {
    const report = JSON.parse(text);
    if (report.vulnerabilities !== undefined) return { report };
    return { why: report.message ?? 'the registry answered something else' };
  } catch {
    return { why: 'the registry did not answer' };
  }
}

async function auditNpm() {
  const [all, shipped] = [await npmReport(), await npmReport('--omit=dev')];
  if (all.report === undefined || shipped.report === undefined) {
    console.error(`npm: not audited, ${all.why ?? shipped.why}`);
    return 'unknown';
  }
  const ids = new Set(advisoriesOf(shipped.report, new Set()).map(({ id }) => id));
  const { blocked, excepted, told, wrong } = judge(advisoriesOf(all.report, ids), exceptions, Date.now());
  for (const [what, list] of Object.entries({ blocks: blocked, excepted, told })) {
    for (const { id, package: name, severity, title, shipped: isShipped } of list)
      console.log(
        `${what.padEnd(8)} ${severity.padEnd(8)} ${isShipped ? 'shipped' : 'tools  '} ${name}: ${title} (${id})`,
      );
  }
  for (const line of wrong) console.error(`audit-exceptions.json: ${line}`);
  console.log(`npm: ${blocked.length} block, ${excepted.length} excepted, ${told.length} told`);
  return blocked.length + wrong.length === 0 ? 'passed' : 'failed';
}

async function auditCargo() {
  if (!(await exists('cargo-audit'))) {
    console.log('cargo: not audited, cargo-audit is not installed (cargo install cargo-audit --locked)');
    return 'absent';
  }
  const { code } = await run('cargo', ['audit', '--deny', 'unsound', '--deny', 'yanked']);
  return code === 0 ? 'passed' : 'failed';
}

const results = [await auditNpm(), await auditCargo()];
process.exitCode = results.includes('failed') ? 1 : results.includes('unknown') ? 2 : 0;
