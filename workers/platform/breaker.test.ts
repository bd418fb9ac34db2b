import { describe, expect, it } from 'vitest';
import { Breaker, BreakerOpenError } from './breaker.ts';
import { ManualClock } from './testing.ts';

const fail = (): Promise<never> => Promise.reject(new Error('down'));

async function openedBreaker(clock: ManualClock): Promise<Breaker> {
  const breaker = new Breaker({ name: 'rpc', failuresMax: 5, openMs: 1_000, clock });
  for (let i = 0; i < 5; i++) await expect(breaker.run(fail)).rejects.toThrow('down');
  return breaker;
}

describe('Breaker', () => {
  it('opens after 5 failures in a row and then calls nobody', async () => {
    const breaker = await openedBreaker(new ManualClock());
    let called = false;
    await expect(breaker.run(async () => (called = true))).rejects.toBeInstanceOf(BreakerOpenError);
    expect(called).toBe(false);
    expect(breaker.state).toBe('open');
  });

  it('counts failures in a row only: a success starts the count anew', async () => {
    const breaker = new Breaker({ name: 'rpc', failuresMax: 5, openMs: 1_000, clock: new ManualClock() });
    for (let i = 0; i < 4; i++) await expect(breaker.run(fail)).rejects.toThrow();
    await breaker.run(async () => 1);
    for (let i = 0; i < 4; i++) await expect(breaker.run(fail)).rejects.toThrow();
    expect(breaker.state).toBe('closed');
  });

  it('half open lets exactly one call through; its success closes it', async () => {
    const clock = new ManualClock();
    const breaker = await openedBreaker(clock);
    clock.advance(1_000);
    let answer: (value: string) => void = () => undefined;
    const probe = breaker.run(() => new Promise<string>((resolve) => (answer = resolve)));
    await expect(breaker.run(async () => 'second')).rejects.toBeInstanceOf(BreakerOpenError);
    answer('up');
    await expect(probe).resolves.toBe('up');
    expect(breaker.state).toBe('closed');
  });

  it('a failing probe opens it for another period', async () => {
    const clock = new ManualClock();
    const breaker = await openedBreaker(clock);
    clock.advance(1_000);
    await expect(breaker.run(fail)).rejects.toThrow('down');
    expect(breaker.state).toBe('open');
  });

  it('a refusal that is no failure of the other side never opens it', async () => {
    const breaker = new Breaker({ name: 'rpc', isFailure: (error) => !(error instanceof RangeError) });
    for (let i = 0; i < 20; i++)
      await expect(breaker.run(() => Promise.reject(new RangeError('refused')))).rejects.toThrow();
    expect(breaker.state).toBe('closed');
  });
});
