import pc from 'picocolors';

const partColors = [pc.cyan, pc.magenta, pc.yellow, pc.green, pc.blue, pc.white];
const partNameWidth = 9;
const seen: string[] = [];

const colorOf = (part: string) => {
  if (!seen.includes(part)) seen.push(part);
  return partColors[seen.indexOf(part) % partColors.length] ?? pc.white;
};

/** One line of the common log: the part's name in its colour, then what it says. */
export function logLine(part: string, text: string): void {
  process.stdout.write(`${colorOf(part)(part.padEnd(partNameWidth))} ${pc.dim('│')} ${text}\n`);
}

/** A step of the start: done, with its time. */
export function logStep(text: string, ms: number): void {
  process.stdout.write(`${pc.green('✓')} ${text} ${pc.dim(`${(ms / 1000).toFixed(1)} s`)}\n`);
}

export function logProblem(text: string): void {
  process.stderr.write(`${pc.red('✗')} ${text}\n`);
}

export function logNotice(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Calls `onLine` for every complete line of a stream; a line longer than the bound is cut there. */
export function readLines(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  const lineCharactersMax = 8_192;
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = (lines.pop() ?? '').slice(0, lineCharactersMax);
    for (const line of lines) onLine(line.slice(0, lineCharactersMax).trimEnd());
  });
  stream.on('end', () => {
    if (rest !== '') onLine(rest);
  });
}
