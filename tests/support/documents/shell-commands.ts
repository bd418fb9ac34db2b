import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** A command of a document, in the words a shell would see. */
export interface DocumentedCommand {
  readonly file: string;
  readonly line: string;
  /** Without variables set before it; quotes are taken off. */
  readonly words: readonly string[];
}

/** Every page that people read, but those per error code, which are generated, and the record of what was. */
export function documentPaths(): string[] {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'];
  const listed = execFileSync('git', args, { encoding: 'utf8' }).split('\n');
  return listed.filter(
    (path) => path !== '' && path !== 'CHANGELOG.md' && !path.startsWith('docs/errors/') && existsSync(path),
  );
}

/** The commands of all fenced blocks that are a shell's, and of blocks without a language that begin like one. */
export function documentedCommands(): DocumentedCommand[] {
  return documentPaths().flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/^( *)```(\w*)\n([\s\S]*?)^\1```/gm)]
      .filter(([, , language = '', body = '']) => isShell(language, body))
      .flatMap(([, , , body = '']) => commandsIn(file, body)),
  );
}

/** Commands inside sentences: code that begins with a tool and says more than its name. */
export function inlineCommands(): DocumentedCommand[] {
  const tools = 'npm|npx|node|curl|wrangler|psql|openssl|anchor|solana|solana-keygen|kill';
  const code = new RegExp(`\`((?:[A-Z_]+=\\S+ )*(?:${tools}) [^\`]+)\``, 'g');
  return documentPaths().flatMap((file) => {
    const sentences = readFileSync(file, 'utf8').replaceAll(/^( *)```[\s\S]*?^\1```/gm, '');
    return [...sentences.matchAll(code)].flatMap(([, line = '']) => commandsIn(file, line.replaceAll('\n', ' ')));
  });
}

const isShell = (language: string, body: string): boolean =>
  ['sh', 'bash'].includes(language) || (language === '' && /^(npm|npx|node|curl|export) /.test(body));

function commandsIn(file: string, body: string): DocumentedCommand[] {
  const lines = body.replaceAll(/\\\n\s*/g, ' ').split('\n');
  return lines.flatMap((line) =>
    pipesOf(wordsOf(line.replace(/^\s*(?:export )?\w+=\$\(/, ''))).map((words) => ({ file, line: line.trim(), words })),
  );
}

/** Words as a shell splits them; a comment ends the line. */
function wordsOf(line: string): string[] {
  const words: string[] = [];
  for (const [word] of line.matchAll(/(?:"(?:\\.|[^"])*"|'[^']*'|[^\s"'])+/g)) {
    if (word.startsWith('#')) break;
    words.push(word);
  }
  return words;
}

/** The commands of a line, each without the variables before it. */
function pipesOf(words: readonly string[]): string[][] {
  const commands: string[][] = [[]];
  for (const word of words) {
    if (['|', '&&', ';'].includes(word)) commands.push([]);
    else if (!(commands.at(-1)?.length === 0 && /^[A-Z_]+=/.test(word))) commands.at(-1)?.push(unquoted(word));
  }
  return commands.filter((command) => command.length > 0);
}

const unquoted = (word: string): string => word.replaceAll(/"((?:\\.|[^"])*)"|'([^']*)'/g, '$1$2');
