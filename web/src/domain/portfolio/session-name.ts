/** Programs by a mark in how they name themselves, the more particular first: most browsers also name others. */
const programs = [
  ['Edg/', 'Edge'],
  ['OPR/', 'Opera'],
  ['Firefox/', 'Firefox'],
  ['Chrome/', 'Chrome'],
  ['Safari/', 'Safari'],
] as const;
const systems = [
  ['Android', 'Android'],
  ['iPhone', 'iPhone'],
  ['iPad', 'iPad'],
  ['Windows', 'Windows'],
  ['Mac OS', 'macOS'],
  ['Linux', 'Linux'],
] as const;
const plainLengthMax = 40;

const found = (text: string, marks: readonly (readonly [string, string])[]): string | undefined =>
  marks.find(([mark]) => text.includes(mark))?.[1];

/** A browser and its system in two words; another program as it named itself. Undefined where it said nothing. */
export function programOf(userAgent: string | null): string | undefined {
  if (userAgent === null || userAgent.trim() === '') return undefined;
  const program = found(userAgent, programs);
  if (program === undefined) return userAgent.trim().slice(0, plainLengthMax);
  const system = found(userAgent, systems);
  return system === undefined ? program : `${program}, ${system}`;
}
