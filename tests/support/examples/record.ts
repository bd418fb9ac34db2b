import { readFileSync, writeFileSync } from 'node:fs';

const file = new URL('../../../workers/api/docs/answers.json', import.meta.url);
/** Entries of a list that are worth showing. */
const entriesShown = 2;
/** What must not be copied into a client. */
const secrets = new Set(['token', 'refresh_token', 'step_up_token']);

function shown(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, entriesShown).map(shown);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      secrets.has(name) && typeof item === 'string' ? `${item.slice(0, 16)}…` : shown(item),
    ]),
  );
}

/** Keeps what the exchange answered to the examples, for the reference to show. */
export function recordAnswers(answers: ReadonlyMap<string, string>): void {
  const known = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  const heard = [...answers].map(([key, text]): [string, unknown] => [key, shown(JSON.parse(text))]);
  const all = Object.entries({ ...known, ...Object.fromEntries(heard) }).sort(([a], [b]) => (a < b ? -1 : 1));
  writeFileSync(file, `${JSON.stringify(Object.fromEntries(all), null, 2)}\n`);
}
