import { type SecretDeclaration, secrets } from '../../workers/secrets.ts';
import type { EnvironmentName } from './environment.ts';
import { settingProblems } from './settings-check.ts';

/**
 * The secrets to be changed, by name, with their new values.
 * @throws where one is none, must not be there, is not known on this machine, or is malformed. Never with a value.
 */
export function changedSecrets(
  environment: EnvironmentName,
  names: readonly string[],
  values: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const declared: Readonly<Record<string, SecretDeclaration>> = secrets;
  if (names.length === 0) throw new Error(`Name a secret: ${Object.keys(declared).join(', ')}.`);
  const changed = names.map((name) => {
    const declaration = declared[name];
    if (declaration === undefined) throw new Error(`${name} is no secret: ${Object.keys(declared).join(', ')}.`);
    if (declaration.forbidden === environment) throw new Error(`${name} must not exist in ${environment}.`);
    const value = values[name];
    if (value === undefined)
      throw new Error(`${name} is not known: write it into .secrets.${environment}, or the shell.`);
    return [name, value] as const;
  });
  // Only the form of these is this machine's to judge: it need not know the others.
  const problems = settingProblems(Object.fromEntries(changed), new Set()).filter(({ name }) =>
    names.includes(name.split('.')[0] ?? name),
  );
  if (problems.length > 0) throw new Error(problems.map(({ name, message }) => `${name}: ${message}`).join('\n'));
  return Object.fromEntries(changed);
}
