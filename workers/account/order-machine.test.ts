import fc from 'fast-check';
import { search } from '#support/random-search.ts';
import { describe, expect, it } from 'vitest';
import type { OrderAttempt, OrderIntent } from './contract.ts';
import {
  advance,
  attemptsPerOrderMax,
  attemptsSinceTrigger,
  eligibleFrom,
  isFinished,
  limitReached,
  liveAttempts,
  restingTrigger,
  STAGE_EDGES,
  statusOf,
  type OrderFill,
  type OrderTransition,
  type StoredOrder,
} from './order-machine.ts';
import { retryPauseMs, retryPauseMsMin } from './retry-pause.ts';
import { acceptedOrder } from './testing.ts';

const attempt = (signature: string, expectedSeq: bigint): OrderAttempt => ({
  signature,
  expectedSeq,
  signedAtMs: 0,
  lastValidBlockHeight: 150,
  settledAtMs: null,
  outcome: 'sent',
  reason: null,
});

/** A trade in the market of the sample order. */
const here = { intent: 'trade', symbol: 'SOL-PERP' } as const;

const fill = (signature: string): OrderTransition => ({
  kind: 'fill',
  fill: {
    ...here,
    parts: [{ place: 0, quantity: 1n, price: 2n, fee: 3n, positionId: 'p', opens: null }],
    signature,
    executedAtMs: 4,
  },
});

const apply = (order: StoredOrder, ...transitions: OrderTransition[]): StoredOrder =>
  transitions.reduce((current, transition) => advance(current, transition) ?? expect.fail(transition.kind), order);

describe('order machine', () => {
  it('an order that was triggered again waits for none of the failures of the time before', () => {
    const trigger: OrderTransition = { kind: 'trigger', eligibleFrom: 1, worstPrice: 2n, submitByMs: null };
    const settled = { kind: 'settle_attempt', outcome: 'failed', reason: 'StaleCommand', atMs: 9 } as const;
    const tries = (signature: string): OrderTransition[] => [
      { kind: 'submit', attempt: attempt(signature, 7n) },
      { ...settled, signature },
    ];
    const first = acceptedOrder({ stage: 'triggered', price: 1n });
    const failed = apply(first, ...['a', 'b', 'c', 'd'].flatMap(tries));
    expect(retryPauseMs(attemptsSinceTrigger(failed))).toBe(2 * retryPauseMsMin);
    const again = apply(failed, { kind: 'rest' }, trigger);
    expect(retryPauseMs(attemptsSinceTrigger(again))).toBe(0);
    expect(attemptsSinceTrigger(apply(again, ...tries('e'))).map(({ signature }) => signature)).toEqual(['e']);
  });

  it('the time to submit an order begins anew where it waits for what others have spent, and for no order that has none', () => {
    const late = acceptedOrder({ submitByMs: 5 });
    expect(apply(late, { kind: 'postpone', submitByMs: 9 })).toMatchObject({ submitByMs: 9, stage: late.stage });
    expect(advance(acceptedOrder(), { kind: 'postpone', submitByMs: 9 })).toBeNull();
  });

  it('an order that could not be executed waits longer each time, at most 8 s, also after attempts, and at first again after a calm minute', () => {
    const heldBackAtMs = 1_800_000_000_400;
    const back = (order: StoredOrder): StoredOrder => apply(order, { kind: 'rest', heldBackAtMs }, trigger);
    const trigger: OrderTransition = { kind: 'trigger', eligibleFrom: 1, worstPrice: 2n, submitByMs: null };
    const waits = (order: StoredOrder): number =>
      apply(order, { kind: 'rest', heldBackAtMs }).eligibleFrom - 1_800_000_000;
    const first = acceptedOrder({ stage: 'triggered', price: 1n });
    const later = [first, back(first), back(back(first)), back(back(back(first))), back(back(back(back(first))))];
    expect(later.map(waits)).toEqual([2, 4, 8, 8, 8]);
    expect(apply(first, { kind: 'rest' }).eligibleFrom).toBe(first.eligibleFrom);
    const tried = apply(later[3] ?? first, { kind: 'submit', attempt: attempt('a', 7n) });
    const outcome = { outcome: 'failed', reason: 'x', atMs: 9 } as const;
    const failed = apply(tried, { kind: 'settle_attempt', signature: 'a', ...outcome });
    expect(waits(failed)).toBe(8);
    const calm = { ...trigger, eligibleFrom: 1_800_000_000 + 8 + 61 };
    expect(waits(apply(failed, { kind: 'rest', heldBackAtMs }, calm))).toBe(2);
  });

  it('a second command number is refused while an attempt with another one may still land', () => {
    const submitted = apply(acceptedOrder(), { kind: 'submit', attempt: attempt('a', 7n) });
    expect(advance(submitted, { kind: 'submit', attempt: attempt('b', 8n) })).toBeNull();
    expect(advance(submitted, { kind: 'submit', attempt: attempt('b', 7n) })).not.toBeNull();
    const settled = apply(submitted, {
      kind: 'settle_attempt',
      signature: 'a',
      outcome: 'expired',
      reason: null,
      atMs: 9,
    });
    expect(advance(settled, { kind: 'submit', attempt: attempt('b', 8n) })).not.toBeNull();
  });

  it('is neither rejected nor returned to the book while an attempt may still land', () => {
    const submitted = apply(acceptedOrder({ price: 1n }), { kind: 'submit', attempt: attempt('a', 7n) });
    const error = { code: 'TRADING_002', message: '' };
    for (const transition of [{ kind: 'rest' }, { kind: 'reject', error }, { kind: 'cancel', error: null }] as const) {
      expect(advance(submitted, transition)).toBeNull();
    }
    const settled = apply(submitted, {
      kind: 'settle_attempt',
      signature: 'a',
      outcome: 'failed',
      reason: 'x',
      atMs: 9,
    });
    expect(advance(settled, { kind: 'rest' })?.stage).toBe('resting');
    expect(advance(settled, { kind: 'reject', error })?.stage).toBe('rejected');
  });

  it('believes the chain: an execution is recorded even after the order was answered as rejected', () => {
    const rejected = apply(acceptedOrder(), { kind: 'reject', error: { code: 'CHAIN_003', message: '' } });
    expect(apply(rejected, fill('late'))).toMatchObject({ stage: 'filled', transactionHash: 'late', error: null });
  });

  it('a filled order never changes again', () => {
    const filled = apply(acceptedOrder(), { kind: 'submit', attempt: attempt('a', 1n) }, fill('a'));
    for (const transition of [fill('b'), { kind: 'cancel', error: null }, { kind: 'rest' }] as const) {
      expect(advance(filled, transition)).toBeNull();
    }
    const settledAtMs = filled.executedAtMs;
    expect(filled.attempts).toEqual([{ ...attempt('a', 1n), outcome: 'landed', settledAtMs }]);
  });

  it('is executed by what it asks for alone: not by a trade where it changes margin, in the other direction, or in another market', () => {
    const part = { place: 0, quantity: 1n, price: null, fee: 0n, positionId: 'p', opens: null };
    const stageAfter = (intent: OrderIntent, fill: Partial<OrderFill>): string | undefined => {
      const execution = { ...here, parts: [part], signature: 'a', executedAtMs: 4, ...fill };
      return advance(acceptedOrder({ intent }), { kind: 'fill', fill: execution })?.stage;
    };
    const intents = ['trade', 'add_margin', 'remove_margin'] as const;
    for (const wanted of intents) {
      const stages = intents.map((intent) => stageAfter(wanted, { intent }));
      expect(stages).toEqual(intents.map((intent) => (intent === wanted ? 'filled' : undefined)));
      expect(stageAfter(wanted, { intent: wanted, symbol: 'BTC-PERP' })).toBeUndefined();
    }
  });

  it('is executed no earlier than it was created and signed, though block times are whole seconds', () => {
    const order = acceptedOrder();
    expect(apply(order, fill('a')).executedAtMs).toBe(order.createdAtMs);
    const signed = { ...attempt('a', 1n), signedAtMs: order.createdAtMs + 700 };
    const filled = apply(order, { kind: 'submit', attempt: signed }, fill('a'));
    expect([filled.executedAtMs, filled.attempts[0]?.settledAtMs]).toEqual([signed.signedAtMs, signed.signedAtMs]);
  });

  it('remembers at most attemptsPerOrderMax attempts and never forgets one that may land', () => {
    let order = apply(acceptedOrder(), { kind: 'submit', attempt: attempt('first', 1n) });
    for (let i = 0; i < 3 * attemptsPerOrderMax; i++) {
      order = apply(
        order,
        { kind: 'submit', attempt: attempt(`s${i}`, 1n) },
        { kind: 'settle_attempt', signature: `s${i}`, outcome: 'expired', reason: null, atMs: 9 },
      );
    }
    expect(order.attempts).toHaveLength(attemptsPerOrderMax);
    expect(liveAttempts(order).map((live) => live.signature)).toEqual(['first']);
  });

  it('executes strictly later than any second anyone could have seen', () => {
    expect(eligibleFrom(1_700_000_000_999, 1_700_000_000)).toBe(1_700_000_001);
    expect(eligibleFrom(1_700_000_000_000, 1_700_000_003)).toBe(1_700_000_004);
  });

  it('a stop-limit waits for its stop first and for its limit afterwards', () => {
    const order = acceptedOrder({ orderType: 'stop_limit', price: 90n, stopPrice: 100n });
    expect(restingTrigger(order)).toEqual({ direction: 'above', triggerPrice: 100n });
    const fired = apply(
      order,
      { kind: 'rest' },
      { kind: 'trigger', eligibleFrom: 5, worstPrice: 90n, submitByMs: null },
    );
    expect(restingTrigger(fired)).toEqual({ direction: 'below', triggerPrice: 90n });
    expect(fired.eligibleFrom).toBe(5);
  });

  it('counts the events of its execution together, each once, whenever they come', () => {
    const parts = [
      { place: 0, quantity: 3n, price: 100n, fee: 5n, positionId: 'closed', opens: null },
      { place: 1, quantity: 1n, price: 104n, fee: 2n, positionId: 'opened', opens: 5n },
    ] as const;
    const filled = (...fills: number[][]): StoredOrder =>
      apply(
        apply(acceptedOrder(), { kind: 'submit', attempt: attempt('s1', 4n) }),
        ...fills.map((places): OrderTransition => {
          const some = parts.filter(({ place }) => places.includes(place));
          return { kind: 'fill', fill: { ...here, parts: some, signature: 's1', executedAtMs: 4 } };
        }),
      );
    const sum = { filledQuantity: 4n, averageFillPrice: 101n, fee: 7n, positionId: 'opened', stage: 'filled' };
    expect(filled([0, 1])).toMatchObject(sum);
    expect(filled([0], [0, 1])).toMatchObject(sum);
    expect(filled([1], [0])).toMatchObject(sum);
    const both = filled([0, 1]);
    const again = { ...here, parts: [parts[1]], signature: 's1', executedAtMs: 4 };
    expect(advance(both, { kind: 'fill', fill: again })).toBeNull();
    expect(advance(both, fill('another'))).toBeNull();
  });

  it('a limit includes its own price', () => {
    expect([limitReached('buy', 100n, 100n), limitReached('buy', 100n, 101n)]).toEqual([true, false]);
    expect([limitReached('sell', 100n, 100n), limitReached('sell', 100n, 99n)]).toEqual([true, false]);
  });
});

/** What may happen to one order while three command numbers pass by, attempts land late and others trade the same position. */
const actionArbitrary = fc.oneof(
  fc.record({ do: fc.constant('submit' as const) }),
  fc.record({ do: fc.constant('land' as const), pick: fc.nat(20) }),
  fc.record({ do: fc.constant('expire_attempt' as const), pick: fc.nat(20) }),
  fc.record({ do: fc.constant('other_trade' as const) }),
  fc.record({
    do: fc.constantFrom('rest' as const, 'trigger' as const, 'cancel' as const, 'reject' as const, 'expire' as const),
  }),
);

describe('order machine, whatever the order of things', () => {
  it('at most one attempt executes, versions only grow, and every change follows an edge', () => {
    fc.assert(
      fc.property(fc.array(actionArbitrary, { maxLength: 60 }), (actions) => {
        let order = acceptedOrder({ price: 1n });
        let chainSeq = 0n;
        let executions = 0;
        const dead = new Set<string>();
        actions.forEach((action, index) => {
          const apply = (transition: OrderTransition): void => {
            const next = advance(order, transition);
            if (next === null) return;
            expect(next.version).toBe(order.version + 1);
            expect(next.stage === order.stage || STAGE_EDGES[order.stage].includes(next.stage)).toBe(true);
            expect(next.status).toBe(statusOf(next.stage));
            order = next;
          };
          const live = liveAttempts(order);
          switch (action.do) {
            case 'submit':
              apply({ kind: 'submit', attempt: attempt(`s${index}`, chainSeq) });
              break;
            case 'land': {
              // The chain's rule, not the machine's: an attempt lands if its number is the position's.
              const candidates = order.attempts.filter((each) => !dead.has(each.signature));
              const landing = candidates[action.pick % Math.max(1, candidates.length)];
              if (landing === undefined || landing.expectedSeq !== chainSeq) break;
              chainSeq += 1n;
              executions += 1;
              apply(fill(landing.signature));
              break;
            }
            case 'expire_attempt': {
              const expiring = live[action.pick % Math.max(1, live.length)];
              if (expiring === undefined) break;
              dead.add(expiring.signature);
              apply({
                kind: 'settle_attempt',
                signature: expiring.signature,
                outcome: 'expired',
                reason: null,
                atMs: 9,
              });
              break;
            }
            case 'other_trade':
              chainSeq += 1n;
              for (const each of live) {
                apply({
                  kind: 'settle_attempt',
                  signature: each.signature,
                  outcome: 'failed',
                  reason: 'stale',
                  atMs: 9,
                });
              }
              break;
            case 'trigger':
              apply({ kind: 'trigger', eligibleFrom: index, worstPrice: 1n, submitByMs: null });
              break;
            case 'reject':
              apply({ kind: 'reject', error: { code: 'X', message: '' } });
              break;
            case 'rest':
              apply({ kind: 'rest' });
              break;
            case 'cancel':
            case 'expire':
              apply({ kind: action.do, error: null });
              break;
          }
        });
        expect(executions).toBeLessThanOrEqual(1);
        expect(order.stage === 'filled').toBe(executions === 1);
        if (isFinished(order.stage)) expect(liveAttempts(order)).toEqual([]);
      }),
      search(3_000),
    );
  });
});
