import * as fc from 'fast-check';
import { HttpCaller, type HttpAnswer } from '#support/http-caller.ts';
import { Callers } from './callers.ts';
import { type Case, casesOf } from './cases.ts';
import { complaintsAbout } from './judge.ts';
import { describe, type DescribedOperation } from './operations.ts';
import { Values } from './values.ts';

export interface FuzzOptions {
  readonly url: string;
  readonly cases: number;
  readonly seed: number;
  /** Only operations whose name contains it. */
  readonly only?: string | undefined;
}

export interface FuzzFigures {
  readonly seed: number;
  readonly operations: number;
  readonly requests: number;
  /** Answers by status. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Operations that answered with success at least once. */
  readonly succeeded: number;
}

/** What was sent, shrunk to the least that still does it, and what is wrong with the answer. */
export class FuzzFailure extends Error {
  override readonly name = 'FuzzFailure';
}

class Fuzzer {
  readonly statuses: Record<string, number> = {};
  readonly succeeded = new Set<string>();
  requests = 0;
  readonly #caller: HttpCaller;
  readonly #callers: Callers;
  readonly #operations: ReadonlyMap<string, DescribedOperation>;

  constructor(caller: HttpCaller, callers: Callers, operations: readonly DescribedOperation[]) {
    this.#caller = caller;
    this.#callers = callers;
    this.#operations = new Map(operations.map((operation) => [operation.name, operation]));
  }

  /** Sends a request and says what is wrong with its answer. */
  async complaints(sent: Case): Promise<string[]> {
    const authorization = await this.#callers.authorization(sent.caller);
    let answer: HttpAnswer;
    try {
      answer = await this.#caller.send({
        method: sent.method,
        target: sent.target,
        headers: {
          ...sent.headers,
          ...(authorization === null ? {} : { authorization }),
          ...(sent.body === null || sent.contentType === null ? {} : { 'content-type': sent.contentType }),
          'cf-connecting-ip': this.#caller.newAddress(),
        },
        body: sent.body,
      });
    } catch (error) {
      return [`no answer: ${error instanceof Error ? error.message : String(error)}`];
    }
    this.requests += 1;
    this.statuses[answer.status] = (this.statuses[answer.status] ?? 0) + 1;
    if (answer.status < 300) this.succeeded.add(sent.operation);
    if (answer.status === 401) this.#callers.forgetNewcomer();
    const complaints = complaintsAbout(sent, answer, this.#operations);
    return complaints.length === 0 ? [] : [...complaints, `answer ${answer.status}: ${answer.text.slice(0, 500)}`];
  }
}

/** Sends `cases` requests made from the exchange's own description. @throws FuzzFailure with the smallest request that was answered badly. */
export async function fuzz({ url, cases, seed, only = '' }: FuzzOptions): Promise<FuzzFigures> {
  const caller = new HttpCaller(url);
  try {
    const { operations, schemas } = await describe(url);
    const chosen = operations.filter(({ name }) => name.includes(only));
    const callers = await Callers.open(caller);
    const fuzzer = new Fuzzer(caller, callers, operations);
    const arbitrary = casesOf(chosen, new Values(schemas, await callers.known()));
    let complaints: string[] = [];
    const property = fc.asyncProperty(arbitrary, async (sent) => {
      const found = await fuzzer.complaints(sent);
      if (found.length > 0) complaints = found;
      return found.length === 0;
    });
    const result = await fc.check(property, { seed, numRuns: cases });
    if (result.failed) {
      const [sent] = result.counterexample ?? [];
      const again = `--seed ${seed} --cases ${cases}`;
      throw new FuzzFailure(`${complaints.join('\n')}\nto ${JSON.stringify(sent, null, 2)}\nagain: ${again}`);
    }
    const { requests, statuses, succeeded } = fuzzer;
    return { seed, operations: chosen.length, requests, statuses, succeeded: succeeded.size };
  } finally {
    caller.close();
  }
}

/** Sends them all and lists every kind of bad answer once, with how often it came: for a look at the whole. */
export async function survey({
  url,
  cases,
  seed,
  only = '',
}: FuzzOptions): Promise<ReadonlyMap<string, [number, Case, string]>> {
  const caller = new HttpCaller(url);
  const found = new Map<string, [number, Case, string]>();
  try {
    const { operations, schemas } = await describe(url);
    const callers = await Callers.open(caller);
    const fuzzer = new Fuzzer(caller, callers, operations);
    const chosen = operations.filter(({ name }) => name.includes(only));
    const arbitrary = casesOf(chosen, new Values(schemas, await callers.known()));
    for (const sent of fc.sample(arbitrary, { seed, numRuns: cases })) {
      const complaints = await fuzzer.complaints(sent);
      const answer = complaints.pop() ?? '';
      for (const complaint of complaints) {
        const key = `${sent.method} ${sent.operation.split(' ')[1] ?? ''}: ${complaint}`;
        const [times, first, text] = found.get(key) ?? [0, sent, answer];
        found.set(key, [times + 1, first, text]);
      }
    }
    return found;
  } finally {
    caller.close();
  }
}
