import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const root = new URL('../../../', import.meta.url).pathname;
const pageMsMax = 170_000;
const outputBytesMax = 4_000_000;

/** curl fails for a refusal; a fill at a later price than the first (3) is verified too, on a busy machine. */
const wrappers = `
curl() { command curl --fail-with-body --max-time 20 "$@"; }
npm() { command npm "$@" || [ $? -eq 3 ]; }
`;

/** The commands of a page, in their order. */
export const commandsOf = (page: string): string =>
  [...page.matchAll(/^\`\`\`sh\n([\s\S]+?)^\`\`\`$/gm)].map(([, block]) => block).join('\n');

/** Runs the commands of a page as they stand, in one shell that ends at the first that fails. Answers what they printed. */
export async function runPage(page: string, addresses: Readonly<Record<string, string>>): Promise<string> {
  const commands = Object.entries(addresses).reduce(
    (text, [shown, real]) => text.replaceAll(shown, real),
    commandsOf(page),
  );
  const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', `${wrappers}\n${commands}`], {
    cwd: root,
    timeout: pageMsMax,
    maxBuffer: outputBytesMax,
  });
  return stdout;
}
