import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Breaker, BreakerOpenError } from './breaker.ts';

const fail = (): Promise<never> => Promise.reject(new Error('down'));

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});
const advance = (ms: number): void => void vi.setSystemTime(Date.now() + ms);

async function openedBreaker(): Promise<Breaker> {
  const breaker = new Breaker({ name: 'rpc', failuresMax: 5, openMs: 1_000, probeMsMax: 10_000 });
  for (let i = 0; i < 5; i++) await expect(breaker.run(fail)).rejects.toThrow('down');
  return breaker;
}

describe('Breaker', () => {
  it('opens after 5 failures in a row and then calls nobody', async () => {
    const breaker = await openedBreaker();
    let called = false;
    await expect(breaker.run(async () => (called = true))).rejects.toBeInstanceOf(BreakerOpenError);
    expect(called).toBe(false);
    expect(breaker.state).toBe('open');
  });

  it('counts failures in a row only: a success starts the count anew', async () => {
    const breaker = new Breaker({ name: 'rpc', failuresMax: 5, openMs: 1_000 });
    for (let i = 0; i < 4; i++) await expect(breaker.run(fail)).rejects.toThrow();
    await breaker.run(async () => 1);
    for (let i = 0; i < 4; i++) await expect(breaker.run(fail)).rejects.toThrow();
    expect(breaker.state).toBe('closed');
  });

  it('half open lets exactly one call through; its success closes it', async () => {
    const breaker = await openedBreaker();
    advance(1_000);
    let answer: (value: string) => void = () => undefined;
    const probe = breaker.run(() => new Promise<string>((resolve) => (answer = resolve)));
    await expect(breaker.run(async () => 'second')).rejects.toBeInstanceOf(BreakerOpenError);
    answer('up');
    await expect(probe).resolves.toBe('up');
    expect(breaker.state).toBe('closed');
  });

  it('a failing probe opens it for another period', async () => {
    const breaker = await openedBreaker();
    advance(1_000);
    await expect(breaker.run(fail)).rejects.toThrow('down');
    expect(breaker.state).toBe('open');
  });

  it('a probe that never comes back, as of a request whose caller left, is replaced by another one after its time', async () => {
    const breaker = await openedBreaker();
    advance(1_000);
    void breaker.run(() => new Promise<never>(() => undefined));
    advance(9_999);
    await expect(breaker.run(async () => 'early')).rejects.toBeInstanceOf(BreakerOpenError);
    advance(1);
    await expect(breaker.run(async () => 'up')).resolves.toBe('up');
    expect(breaker.state).toBe('closed');
  });

  it('says half open as soon as the next call would be let through', async () => {
    const breaker = await openedBreaker();
    advance(999);
    expect(breaker.state).toBe('open');
    advance(1);
    expect(breaker.state).toBe('half_open');
  });

  it('a refusal ends a row of failures: the other side is there', async () => {
    const breaker = new Breaker({ name: 'rpc', isFailure: (error) => !(error instanceof RangeError) });
    for (let i = 0; i < 4; i++) await expect(breaker.run(fail)).rejects.toThrow('down');
    await expect(breaker.run(() => Promise.reject(new RangeError('refused')))).rejects.toThrow('refused');
    for (let i = 0; i < 4; i++) await expect(breaker.run(fail)).rejects.toThrow('down');
    expect(breaker.state).toBe('closed');
  });

  it('a refusal that is no failure of the other side never opens it', async () => {
    const breaker = new Breaker({ name: 'rpc', isFailure: (error) => !(error instanceof RangeError) });
    for (let i = 0; i < 20; i++)
      await expect(breaker.run(() => Promise.reject(new RangeError('refused')))).rejects.toThrow();
    expect(breaker.state).toBe('closed');
  });

  it('a call that ended without a word of the other side neither closes nor opens it, and leaves the probe to the next', async () => {
    const isUnknown = (error: unknown): boolean => error instanceof RangeError;
    const breaker = new Breaker({ name: 'rpc', failuresMax: 2, openMs: 1_000, isUnknown });
    const leave = () => Promise.reject(new RangeError('the caller left'));
    await expect(breaker.run(fail)).rejects.toThrow('down');
    await expect(breaker.run(leave)).rejects.toThrow('left');
    expect(breaker.state).toBe('closed');
    await expect(breaker.run(fail)).rejects.toThrow('down');
    expect(breaker.state).toBe('open');
    advance(1_000);
    await expect(breaker.run(leave)).rejects.toThrow('left');
    expect(breaker.state).toBe('half_open');
    await expect(breaker.run(async () => 'up')).resolves.toBe('up');
  });
});
