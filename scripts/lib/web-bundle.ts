import { gzipSync } from 'node:zlib';
import { join, relative } from 'node:path';
import { build, type BuildEnvironmentOptions, type Rolldown } from 'vite';
import { root } from './paths.mjs';

/** JavaScript of the first load of a market's screen, chart included, gzip. */
export const firstLoadBytesMax = 200_000;

/** Loaded at once on a market's screen although imported only when needed; a browser test holds this list to what is asked for. */
const screen = 'web/src/features/page/trade-page.tsx';
/** Drawn when the figures are there: it stays apart from them. */
const chart = 'web/src/features/chart/price-chart.ts';

export type Chunk = Rolldown.OutputChunk;

/**
 * Builds the terminal with its own configuration, twice: the first build tells what a market's screen loads at once, the second keeps that
 * together. Without `outDir` nothing is written.
 */
export async function buildTerminal(outDir?: string): Promise<readonly Chunk[]> {
  const first = closureOf(await chunksOf({ write: false }), [screen]);
  const atOnce = new Set(first.flatMap((chunk) => Object.keys(chunk.modules)));
  const groups = [{ name: 'terminal', test: (id: string) => atOnce.has(id) }];
  const target = outDir === undefined ? { write: false } : { outDir };
  return chunksOf({ ...target, rolldownOptions: { output: { codeSplitting: { groups } } } });
}

async function chunksOf(options: BuildEnvironmentOptions): Promise<readonly Chunk[]> {
  const output = await build({
    configFile: join(root, 'web', 'vite.config.ts'),
    logLevel: 'warn',
    build: { ...options, reportCompressedSize: false },
  });
  if (!('output' in output)) throw new Error('one build was expected, not several, and not a watch');
  return output.output.filter((part) => part.type === 'chunk');
}

export interface BundlePart {
  readonly name: string;
  readonly gzipBytes: number;
}

export interface FirstLoad {
  readonly gzipBytes: number;
  readonly files: readonly BundlePart[];
  /** A package's part of a file's gzip is its part of the file before minifying: about right. */
  readonly packages: readonly BundlePart[];
}

/** What a browser loads before a market's screen is whole. */
export function firstLoadOf(chunks: readonly Chunk[]): FirstLoad {
  const loaded = closureOf(chunks, [screen, chart]);
  const files = loaded.map((chunk) => ({ name: chunk.fileName, gzipBytes: gzipSync(chunk.code).length }));
  const packages = new Map<string, number>();
  for (const [index, chunk] of loaded.entries()) {
    const modules = Object.entries(chunk.modules);
    const whole = modules.reduce((sum, [, module]) => sum + module.renderedLength, 0);
    for (const [id, module] of modules) {
      const bytes = ((files[index]?.gzipBytes ?? 0) * module.renderedLength) / Math.max(1, whole);
      packages.set(ownerOf(id), (packages.get(ownerOf(id)) ?? 0) + bytes);
    }
  }
  return {
    gzipBytes: files.reduce((sum, file) => sum + file.gzipBytes, 0),
    files: largestFirst(files),
    packages: largestFirst([...packages].map(([name, bytes]) => ({ name, gzipBytes: Math.round(bytes) }))),
  };
}

const largestFirst = (parts: readonly BundlePart[]): BundlePart[] =>
  parts.toSorted((a, b) => b.gzipBytes - a.gzipBytes);

/** The entry and the chunks that hold these modules, with everything they import. */
function closureOf(chunks: readonly Chunk[], paths: readonly string[]): Chunk[] {
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
  const holding = (path: string) => chunks.find((chunk) => join(root, path) in chunk.modules);
  const found = new Set<Chunk>();
  const add = (chunk: Chunk | undefined) => {
    if (chunk === undefined || found.has(chunk)) return;
    found.add(chunk);
    for (const name of chunk.imports) add(byName.get(name));
  };
  add(chunks.find((chunk) => chunk.isEntry));
  for (const path of paths) {
    const chunk = holding(path);
    if (chunk === undefined) throw new Error(`${path} is in no chunk: correct the list of what is loaded at once`);
    add(chunk);
  }
  return [...found];
}

/** The npm package a module belongs to, or the part of this repository. */
function ownerOf(id: string): string {
  const name = /node_modules\/((?:@[^/]+\/)?[^/]+)(?!.*node_modules\/)/.exec(id)?.[1];
  if (name !== undefined) return name;
  const path = relative(root, id.replace(/^\0/, ''));
  return /^(web\/src\/[^/]+(?:\/[^/]+(?=\/))?|sdk|workers\/shared\/[^/]+)/.exec(path)?.[1] ?? 'bundler';
}

/** Rows smaller than this are told together. */
const rowBytesMin = 700;

/** The first load as a table. */
export function firstLoadTable({ gzipBytes, files, packages }: FirstLoad): string {
  const row = (name: string, bytes: number) => `  ${name.padEnd(46)} ${(bytes / 1_000).toFixed(1).padStart(7)} KB`;
  const shown = packages.filter((part) => part.gzipBytes >= rowBytesMin);
  const rest = packages.filter((part) => part.gzipBytes < rowBytesMin);
  return [
    'JavaScript of the first load of /trade, gzip',
    ...files.map((file) => row(file.name, file.gzipBytes)),
    row(`together (at most ${firstLoadBytesMax / 1_000} KB)`, gzipBytes),
    '',
    'What is in it, about',
    ...shown.map((part) => row(part.name, part.gzipBytes)),
    row(
      `${rest.length} smaller ones`,
      rest.reduce((sum, part) => sum + part.gzipBytes, 0),
    ),
  ].join('\n');
}
