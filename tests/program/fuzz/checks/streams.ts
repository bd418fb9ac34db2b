/** Invariant 7, the numbers: every accepted instruction says what it did, and every stream counts its events without a gap. */
import type { Value } from '../codec.ts';
import { type Step, holds } from '../step.ts';
import { positionKey, singleton } from '../world.ts';
import { expectedEvents } from '../expected-events.ts';

const name = '7 events';
type Data = { readonly [field: string]: Value };

/** The account whose counter each number of an event belongs to. */
const streams: Readonly<Record<string, (step: Step, data: Data) => string>> = {
  exchangeSeq: () => singleton('exchange'),
  poolSeq: () => singleton('pool'),
  insuranceSeq: () => singleton('insurance'),
  treasurySeq: () => singleton('treasury'),
  outflowSeq: () => singleton('outflow'),
  marketSeq: marketOf,
  accountSeq: (step, data) => ofOwner(step, data).userAccount,
  lpSeq: (step, data) => ofOwner(step, data).lpAccount,
  positionSeq: (_step, data) => positionKey(String(data['owner']), String(data['market'])),
};

/** A change of parameters names its market by index. */
function marketOf(step: Step, data: Data): string {
  if (typeof data['market'] === 'string') return data['market'];
  const { marketIndex } = Object.values(data['change'] as { readonly [kind: string]: Data })[0] ?? {};
  return step.world.market(Number(marketIndex)).key;
}

function ofOwner(step: Step, data: Data) {
  const person = step.world.people.find(({ owner }) => owner === data['owner']);
  if (person === undefined) throw new Error(`an event of nobody: ${String(data['owner'])}`);
  return person;
}

/** The counter of an account's own stream. */
function counterOf(step: Step, key: string): bigint {
  const { accounts } = step.world;
  for (const kind of ['exchange', 'pool', 'insurance', 'treasury', 'outflow', 'market', 'position'] as const) {
    const content = accounts.find(kind, key);
    if (content !== undefined) return content.eventSeq;
  }
  return accounts.find('userAccount', key)?.seq ?? accounts.find('lpAccount', key)?.seq ?? 0n;
}

export class Streams {
  readonly #last = new Map<string, bigint>();

  check(step: Step): void {
    const { events, error } = step.outcome;
    if (error !== null) return;
    const emitted = events.map((event) => event.name);
    const expected = expectedEvents[step.action.do](step);
    holds(
      same(emitted, expected),
      name,
      () => `${step.action.do} emitted ${emitted.join(', ')}, not ${expected.join(', ')}`,
    );
    const touched = new Set<string>();
    for (const event of events) for (const key of this.#count(step, event.data as unknown as Data)) touched.add(key);
    for (const { key } of step.changes.program) touched.add(key);
    for (const key of touched) {
      const [counted, stored] = [this.#last.get(key) ?? 0n, counterOf(step, key)];
      holds(counted === stored, name, () => `${key} counts ${stored} events, ${counted} were emitted`);
    }
  }

  /** Counts the numbers of one event; gives the accounts they belong to. */
  #count(step: Step, data: Data): string[] {
    const used = (data['insurance'] ?? data['fromInsurance']) as Data | null | undefined;
    const numbers: Data = {
      ...data,
      ...(used === null || used === undefined ? {} : { insuranceSeq: used['insuranceSeq'] ?? 0n }),
    };
    return Object.entries(streams).flatMap(([field, keyOf]) => {
      const number = numbers[field];
      // Zero says that the account had no part.
      if (number === undefined || number === 0n) return [];
      const key = keyOf(step, data);
      const next = (this.#last.get(key) ?? 0n) + 1n;
      holds(number === next, name, () => `${field} ${String(number)} after ${next - 1n}`);
      this.#last.set(key, next);
      return [key];
    });
  }
}

const same = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((x, i) => x === b[i]);
