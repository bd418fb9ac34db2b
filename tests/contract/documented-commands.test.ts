import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { commandRunners, runnerOf, runsScript } from '#support/documents/command-runners.ts';
import {
  documentedCommands,
  documentPaths,
  inlineCommands,
  type DocumentedCommand,
} from '#support/documents/shell-commands.ts';
import { stages } from '../../scripts/lib/stages.mjs';
import manifest from '../../package.json' with { type: 'json' };
import type { Operation } from '../../workers/api/operation.ts';
import { operations } from '../../workers/api/routes/index.ts';

const scripts = manifest.scripts as Readonly<Record<string, string>>;
const commands = [...documentedCommands(), ...inlineCommands()];
const read = (path: string): string => readFileSync(path, 'utf8');
const workflows = readdirSync('.github/workflows').map((name) => read(`.github/workflows/${name}`));
const titled = (found: readonly DocumentedCommand[]): [string, DocumentedCommand][] =>
  found.map((command) => [`${command.file}: ${command.line}`, command]);
const named = (name: string): DocumentedCommand[] => commands.filter(({ words }) => words[0] === name);

/** A word in capitals stands for what the reader puts there. */
const isExact = ({ words }: DocumentedCommand): boolean => !words.some((word) => /^\[?[A-Z]{4,}\]?$/.test(word));

/** Options of a script: what its own file and the files beside it read from the command line. */
function optionsIn(script: string): string {
  const [file = ''] = /\S+\.m?[jt]s/.exec(script) ?? [];
  const folder = 'scripts/lib';
  const beside = readdirSync(folder).map((name) => `${folder}/${name}`);
  return [file, 'local/supervisor/options.ts', ...beside.filter((path) => /\.m?[jt]s$/.test(path))]
    .filter((path) => existsSync(path))
    .map(read)
    .join('\n');
}

const flagsOf = (words: readonly string[]): string[] =>
  words
    .flatMap((word) => /^--([a-z][a-z-]*)/.exec(word)?.[1] ?? [])
    .filter((flag) => !['silent', 'help'].includes(flag));

/** `--no-web` says no to `web`. */
const isOption = (source: string, flag: string): boolean =>
  [flag, flag.replace(/^no-/, '')].some((name) =>
    new RegExp(`(^|[\\s{'"])${name}['"]?: (\\{|z\\.|port|flag)|['"]--${name}['"]`, 'm').test(source),
  );

/** The operation that a method and a path with its query belong to. */
function operationOf(method: string, target: string): { operation: Operation; params: object; query: object } | null {
  const url = new URL(target, 'http://localhost:8787');
  for (const operation of operations) {
    const names = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
    const pattern = new RegExp(`^${operation.path.replaceAll(/\{\w+\}/g, '([^/]+)')}$`);
    const found = operation.method === method ? pattern.exec(url.pathname) : null;
    if (found === null) continue;
    const params = Object.fromEntries(names.map((name, index) => [name, found[index + 1]]));
    return { operation, params, query: Object.fromEntries(url.searchParams) };
  }
  return null;
}

/** What the exchange would refuse of a request. */
function refusals(method: string, target: string, body: string | undefined): string[] {
  const found = operationOf(method, target);
  if (found === null) return [`${method} ${target} is no operation`];
  const { operation, params, query } = found;
  const parts: [string, z.ZodType | undefined, unknown][] = [
    ['params', operation.params, params],
    ['query', operation.query, query],
    ['body', operation.body, body === undefined ? undefined : JSON.parse(body)],
  ];
  return parts.flatMap(([part, schema, value]) => {
    if (schema === undefined) return part === 'body' && value !== undefined ? ['it takes no body'] : [];
    const result = z.safeDecode(schema, value as never);
    return result.success ? [] : [`${part}: ${result.error.message}`];
  });
}

describe('a command in the documents', () => {
  it('is run by a test or in a workflow, or needs what neither has', () => {
    const unknown = commands.filter(({ words }) => runnerOf(words) === undefined);
    expect(unknown.map(({ file, line }) => `${file}: ${line}`)).toEqual([]);
    expect(commands.length).toBeGreaterThan(150);
  });

  it.each(Object.entries(commandRunners))('is run by what says so, and stands in a document: %s', (begins, runner) => {
    if ('by' in runner) expect(read(runner.by)).toContain(runner.says);
    if ('workflow' in runner) expect(workflows.some((text) => runsScript(text, runner.workflow))).toBe(true);
    expect(commands.some(({ words }) => runnerOf(words)?.[0] === begins)).toBe(true);
  });

  it('of npm is a script, wherever it is named', () => {
    const named = documentPaths().flatMap((file) =>
      [...read(file).matchAll(/npm run (?:--?\w+ )?([a-z][\w:-]*)/g)].map(([, name = '']) => `${file}: ${name}`),
    );
    expect(named.filter((name) => scripts[name.split(': ')[1] ?? ''] === undefined)).toEqual([]);
  });

  it.each(titled(named('npm').filter(({ words }) => words.includes('--'))))(
    'has options the script takes: %s',
    (...[, { words }]) => {
      const name = words[1] === 'run' ? (words.slice(2).find((word) => !word.startsWith('-')) ?? '') : (words[1] ?? '');
      const source = optionsIn(scripts[name] ?? '');
      expect(flagsOf(words).filter((flag) => !isOption(source, flag))).toEqual([]);
    },
  );

  it('names stages of the tests, benchmarks and environments that there are', () => {
    const choices: Readonly<Record<string, (name: string) => boolean>> = {
      'npm test': (name) => stages.some((stage) => stage.name === name),
      'npm run bench': (name) => existsSync(`tests/bench/${name}.ts`),
      'npm run doctor': (name) => read('wrangler.toml').includes(`[env.${name}]`),
      'npm run secret': (name) => read('wrangler.toml').includes(`[env.${name}]`),
      'npm run rollback': (name) => read('wrangler.toml').includes(`[env.${name}]`),
      'npm run network:init': (name) => name === '<name>' || existsSync(`networks/${name}.toml`),
    };
    const wrong = commands.flatMap(({ file, line, words }) => {
      const chosen = words[words.indexOf('--') + 1];
      const isChoice = choices[words.slice(0, words[1] === 'run' ? 3 : 2).join(' ')];
      if (!words.includes('--') || chosen === undefined || isChoice === undefined) return [];
      return isChoice(chosen) ? [] : [`${file}: ${line}`];
    });
    expect(wrong).toEqual([]);
  });

  it.each(titled(commands.filter(({ words: [first, second] }) => first === 'node' || second === 'node')))(
    'runs a file there is, with options it takes: %s',
    (...[, { words }]) => {
      const file = words.find((word) => /\.m?[jt]s$/.test(word)) ?? '';
      expect(existsSync(file), file).toBe(true);
      const beside = existsSync(file.replace('main.ts', 'options.ts'))
        ? read(file.replace('main.ts', 'options.ts'))
        : '';
      expect(flagsOf(words).filter((flag) => !isOption(read(file) + beside, flag))).toEqual([]);
    },
  );

  it.each(titled(named('npm').filter((command) => command.words[2] === 'admin' && isExact(command))))(
    'the exchange would take: %s',
    (...[, { words }]) => {
      if (!words.includes('--')) return;
      const rest = words.slice(words.indexOf('--') + 1);
      const plain = rest.filter((word, index) => !word.startsWith('--') && !(rest[index - 1] ?? '').startsWith('--'));
      const [method = '', target = '', body] = plain;
      if (['add-keeper', 'remove-keeper'].includes(method)) expect(target).toMatch(/^([1-9A-HJ-NP-Za-km-z]{43,44})?$/);
      else expect(refusals(method, target, body)).toEqual([]);
    },
  );

  it.each(titled(named('curl').filter(({ words }) => words.some((word) => word.startsWith('http://localhost:8787')))))(
    'asks for an operation there is: %s',
    (...[, { words }]) => {
      const target = words.find((word) => word.startsWith('http://localhost:8787')) ?? '';
      expect(refusals('GET', target, undefined)).toEqual([]);
    },
  );

  it.each(titled(commands.filter((command) => command.words[1] === 'wrangler' && isExact(command))))(
    'names an environment, a queue and a secret there are: %s',
    (...[, { words }]) => {
      const config = read('wrangler.toml');
      const environment = words[words.indexOf('--env') + 1] ?? '';
      if (words.includes('--env')) expect(config).toContain(`[env.${environment}]`);
      if (words[2] === 'queues') expect(config).toContain(`"${words.at(-1) ?? ''}"`);
      if (words.includes('put'))
        expect(read('workers/env.ts')).toContain(`    ${words[words.indexOf('put') + 1] ?? ''}:`);
    },
  );
});

describe.concurrent('what is quick is run', () => {
  /** What a command says; of npm itself nothing is asked of a network. @throws with what it said, where it fails. */
  const run = async (...args: readonly string[]): Promise<string> => {
    const env = { ...process.env, npm_config_offline: 'true', npm_config_update_notifier: 'false' };
    return (await promisify(execFile)(process.execPath, args, { env })).stdout;
  };

  it('npm start -- --help lists every option that the documents name', async ({ expect: expectHere }) => {
    const usage = await run('local/supervisor/main.ts', '--help');
    const flags = commands.filter(({ words }) => words[1] === 'start').flatMap(({ words }) => flagsOf(words));
    expectHere(flags.length).toBeGreaterThan(0);
    expectHere(flags.filter((flag) => !usage.includes(`--${flag}`))).toEqual([]);
  });

  it('npm run sbom lists what is installed', async ({ expect: expectHere }) => {
    expectHere(await run('scripts/sbom.mjs')).toMatch(/sbom\.cdx\.json: \d+ packages of npm, \d+ crates/);
  });

  it.for(['backup', 'restore', 'admin'])(
    'npm run %s without arguments says what it wants, and does nothing',
    async (name, { expect: expectHere }) => {
      await expectHere(run(`scripts/${name}.ts`)).rejects.toThrow(`npm run ${name} -- `);
    },
  );
});
