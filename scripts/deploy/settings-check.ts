import { modelSettingsSchema } from '../../workers/analyst/models/settings.ts';
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
    const found = new Map([...modelProblems(values), ...error.problems].map((problem) => [problem.name, problem]));
    return [...found.values()].filter(({ name }) => {
      const [variable = name, , field] = name.split('.');
      if (variable === 'AI_MODELS' && field === 'key' && !('AI_KEYS' in values)) return !kept.has('AI_KEYS');
      return variable in values || !kept.has(variable);
    });
  }
}

/** What is wrong with the language models, also where other variables are not known here: nothing of theirs is then looked at by the worker's own check. */
function modelProblems(values: Readonly<Record<string, string>>): readonly SettingProblem[] {
  const { error } = modelSettingsSchema.safeParse(values);
  return (error?.issues ?? []).map(({ path, message }) => ({ name: path.join('.'), message }));
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
