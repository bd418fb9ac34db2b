import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import manifest from '../../package.json' with { type: 'json' };
import { parseOptions } from '../../local/supervisor/options.ts';
import { stages } from '../../scripts/lib/stages.mjs';

/** Longer than the longest run of a night. */
const timeoutMinutesMax = 180;
const pinned = /^[\w.-]+\/[\w.-]+(\/[\w./-]+)?@[0-9a-f]{40}$/;

const stepSchema = z.object({
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).optional(),
  env: z.record(z.string(), z.string()).optional(),
});
const jobSchema = z.object({
  permissions: z.unknown().optional(),
  environment: z.string().optional(),
  'timeout-minutes': z.number().int().max(timeoutMinutesMax),
  strategy: z.object({ matrix: z.record(z.string(), z.array(z.union([z.string(), z.number()]))) }).optional(),
  steps: z.array(stepSchema).min(2),
});
const workflowSchema = z.object({
  name: z.string(),
  on: z.record(z.string(), z.unknown()),
  permissions: z.record(z.string(), z.string()),
  concurrency: z.object({ group: z.string(), 'cancel-in-progress': z.boolean() }),
  jobs: z.record(z.string(), jobSchema),
});
type Job = z.output<typeof jobSchema>;

const folder = '.github/workflows';
const workflows = readdirSync(folder).map((name) => {
  const text = readFileSync(`${folder}/${name}`, 'utf8');
  return { ...workflowSchema.parse(parse(text)), name, text };
});
const jobs = workflows.flatMap(({ name, on, jobs: all }) =>
  Object.entries(all).map(([id, job]): [string, Job, readonly string[]] => [`${name} ${id}`, job, Object.keys(on)]),
);

/** What a job runs, once for each of its matrix's values. */
const runsOf = ({ steps, strategy }: Job): string[] =>
  Object.entries(strategy?.matrix ?? {}).reduce(
    (runs, [name, values]) =>
      runs.flatMap((run) => values.map((value) => run.replaceAll(`\${{ matrix.${name} }}`, String(value)))),
    steps.flatMap(({ run }) => run ?? []),
  );
const allRuns = [...new Set(jobs.flatMap(([, job]) => runsOf(job)))];

describe('the workflows', () => {
  it.each(workflows)('may only read the repository, and take turns: $name', ({ permissions, concurrency }) => {
    expect(permissions).toEqual({ contents: 'read' });
    expect(concurrency.group).not.toBe('');
  });

  it.each(jobs)('%s widens no permission and keeps no credential in its checkout', (_name, { permissions, steps }) => {
    expect(permissions).toBeUndefined();
    const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'));
    expect(checkouts).not.toEqual([]);
    for (const checkout of checkouts) expect(checkout.with).toMatchObject({ 'persist-credentials': false });
  });

  it('use actions by the commit alone, with the version beside it, the same everywhere', () => {
    const used = workflows.flatMap(({ text }) => [...text.matchAll(/uses: (.*)$/gm)].map(([, use = '']) => use));
    const commits = new Map<string, Set<string>>();
    for (const use of used) {
      const [reference = '', version] = use.split(' # ');
      expect(reference).toMatch(pinned);
      expect(version).toMatch(/^v\d+\.\d+\.\d+$/);
      const [action = ''] = reference.split('@');
      commits.set(action, (commits.get(action) ?? new Set()).add(use));
    }
    expect([...commits.values()].filter((uses) => uses.size > 1)).toEqual([]);
    expect(used.length).toBe(jobs.flatMap(([, { steps }]) => steps.filter((step) => step.uses !== undefined)).length);
  });

  it.each(jobs)('%s gives secrets to nobody but an environment, never to a pull request', (_name, job, events) => {
    expect(events).not.toContain('pull_request_target');
    const hasSecrets = JSON.stringify(job).includes('secrets.');
    if (hasSecrets) expect(job.environment).toMatch(/^(staging|production)$/);
    if (hasSecrets) expect(events).not.toContain('pull_request');
  });

  it('put nothing that a stranger wrote into a shell', () => {
    const inserted = jobs.flatMap(([, { steps }]) => steps.flatMap(({ run }) => run?.match(/\$\{\{.*?\}\}/g) ?? []));
    expect(inserted.filter((expression) => !/^\$\{\{ matrix\.\w+ \}\}$/.test(expression))).toEqual([]);
  });

  it('run scripts, stages and configurations there are', () => {
    const scripts = allRuns.flatMap((run) => /^npm run ([\w:-]+)/.exec(run)?.[1] ?? []);
    expect(scripts.filter((name) => !(name in manifest.scripts))).toEqual([]);
    const configs = allRuns.flatMap((run) => /--config (\S+)/.exec(run)?.[1] ?? []);
    expect(configs.filter((name) => !readdirSync('.').includes(name))).toEqual([]);
    const other = allRuns.filter(
      (run) =>
        !/^(npm run [\w:-]+|npm test -- \w+|npm ci .*|rustup toolchain install .*|npx vitest run --config .*)$/.test(
          run,
        ),
    );
    expect(other).toEqual([]);
  });

  it('run every stage of npm test before something lands', () => {
    const run = allRuns.flatMap((command) => /^npm test -- (\w+)$/.exec(command)?.[1] ?? []);
    const asShards = ['check', 'node'];
    expect(allRuns).toContain('npm run check');
    for (const shard of [1, 2, 3, 4])
      expect(allRuns).toContain(`npx vitest run --config vitest.node.config.ts --shard=${shard}/4`);
    expect([...run, ...asShards].sort()).toEqual(stages.map(({ name }) => name).sort());
  });

  it('measure what the tests run before something lands, the program with the tools of its compiler', () => {
    const coverage = workflows.find(({ name }) => name === 'pull-request.yml')?.jobs['coverage'];
    const runs = coverage === undefined ? [] : runsOf(coverage);
    expect(runs.slice(1)).toEqual(['rustup toolchain install --component llvm-tools', 'npm run coverage']);
  });
});

describe('a container to develop in', () => {
  it('opens the ports that npm start uses, with a Node that may run it', () => {
    const container = JSON.parse(readFileSync('.devcontainer/devcontainer.json', 'utf8')) as {
      image: string;
      forwardPorts: number[];
    };
    const { neon: _, ...ports } = parseOptions([], {}).ports;
    expect([...container.forwardPorts].sort()).toEqual(Object.values(ports).sort());
    expect(Number(/node:(\d+)/.exec(container.image)?.[1])).toBeGreaterThanOrEqual(20);
  });
});

describe('updates of dependencies', () => {
  it('are pinned, wait a week, and none that moves money lands by itself', () => {
    const policy = JSON.parse(readFileSync('renovate.json', 'utf8')) as {
      rangeStrategy: string;
      minimumReleaseAge: string;
      packageRules: { matchPackageNames?: string[]; matchDepTypes?: string[]; automerge?: boolean }[];
    };
    expect(policy).toMatchObject({ rangeStrategy: 'pin', minimumReleaseAge: '7 days' });
    const automatic = policy.packageRules.filter(({ automerge }) => automerge === true);
    expect(automatic.map(({ matchDepTypes }) => matchDepTypes)).toEqual([['devDependencies']]);
    const versions = Object.values({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(versions.filter((version) => !/^\d+\.\d+\.\d+/.test(version))).toEqual([]);
  });
});
