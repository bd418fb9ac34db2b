import { parseSettings, type SettingProblem, SettingsError } from '../../workers/env.ts';
import type { wrangler } from './wrangler.ts';

/**
 * What would keep a worker from starting, as far as this machine can say.
 *
 * @param values variables and secrets that are known here.
 * @param kept names of secrets that the worker has on Cloudflare: their values are not known here, and nobody is told them.
 */
export function settingProblems(
  values: Readonly<Record<string, string>>,
  kept: ReadonlySet<string>,
): readonly SettingProblem[] {
  try {
    parseSettings(values);
    return [];
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return error.problems.filter(({ name }) => {
      const [variable = name] = name.split('.');
      return variable in values || !kept.has(variable);
    });
  }
}

/** Names of the secrets that an environment's worker has on Cloudflare; none where it does not exist yet, or cannot be asked. */
export async function keptSecrets(ask: typeof wrangler, environment: string): Promise<ReadonlySet<string>> {
  try {
    const listed = JSON.parse(await ask(['secret', 'list', '--env', environment])) as readonly { name: string }[];
    return new Set(listed.map(({ name }) => name));
  } catch {
    return new Set();
  }
}
