import type { PositionDto } from '#shared/protocol/positions.ts';
import { expect, test } from 'vitest';

import { exitPrice, exitReach, exitsByPosition, viewExit, type ExitKind } from './exits.ts';
import { base, orderWith, positionWith, usd, usdc } from './testing.ts';
import { contextWith, livePrice } from './ticket/testing.ts';

const slippageBps = 50n;
const long = contextOf(positionWith());
const short = contextOf(positionWith({ side: 'short', liquidation_price: usd('156') }));

function contextOf(position: PositionDto) {
  return { ...contextWith({ live: livePrice({ confidence: usd('0.02') }) }), position };
}

const issueOf = (context: typeof long, kind: ExitKind, at: string) =>
  viewExit(context, kind, usd(at), base('1'), slippageBps)?.issue;

test('an exit says what closing there comes to, of the part it closes: a take-profit at its price, a stop-loss at the market there', () => {
  // 100 · 3 less 6 bps of 15,300.
  expect(viewExit(long, 'take_profit', usd('153'), base('100'), slippageBps)).toMatchObject({
    result: { net: usdc('290.82'), fillPrice: usd('153') },
    worst: null,
    distance: usd('3'),
    issue: null,
  });
  // Filled at 146.99: −150.50 less 6 bps of 7,349.50; at worst at 147 less 0.5 % = 146.265.
  expect(viewExit(long, 'stop_loss', usd('147'), base('50'), slippageBps)).toMatchObject({
    result: { net: usdc('-154.9097'), fillPrice: usd('146.99') },
    worst: { net: usdc('-191.13795') },
  });
});

test('an exit on the wrong side of the price is named', () => {
  expect(issueOf(long, 'take_profit', '150')).toBe('wrongSide');
  expect(issueOf(long, 'stop_loss', '151')).toBe('wrongSide');
  expect(issueOf(short, 'take_profit', '151')).toBe('wrongSide');
  expect(issueOf(short, 'stop_loss', '149')).toBe('wrongSide');
});

test('a stop-loss that the liquidation would forestall is named', () => {
  expect(issueOf(long, 'stop_loss', '143.94')).toBe('beyondLiquidation');
  expect(issueOf(long, 'stop_loss', '143.95')).toBeNull();
  expect(issueOf(short, 'stop_loss', '156')).toBe('beyondLiquidation');
});

test('waiting exits are found by their position, the newest of a kind', () => {
  const exit = { position_id: long.position.id, status: 'pending', stage: 'resting' } as const;
  const exits = exitsByPosition([
    orderWith({ ...exit, order_id: '3', exit_kind: 'stop_loss', stop_price: usd('145'), order_type: 'stop' }),
    orderWith({ ...exit, order_id: '2', exit_kind: 'stop_loss', stop_price: usd('140'), order_type: 'stop' }),
    orderWith({ ...exit, order_id: '1', exit_kind: 'take_profit', price: usd('160'), status: 'cancelled' }),
    orderWith({ order_id: '0' }),
  ]);
  expect(exitPrice(exits.get(long.position.id)?.stopLoss)).toBe(usd('145'));
  expect(exits.get(long.position.id)?.takeProfit).toBeUndefined();
  expect(exits.size).toBe(1);
});

test('an exit closes at most what is left of its position, whatever size it was given', () => {
  const exit = orderWith({ exit_kind: 'stop_loss', position_id: long.position.id, quantity: base('100') });
  expect(exitReach(exit, long.position)).toEqual({ size: base('100'), isWhole: true });
  expect(exitReach(exit, positionWith({ size: base('40') }))).toEqual({ size: base('40'), isWhole: true });
  expect(exitReach(exit, positionWith({ size: base('160') }))).toEqual({ size: base('100'), isWhole: false });
  expect(exitReach(exit, undefined)).toBeNull();
  expect(exitReach({ ...exit, position_id: 'another' }, long.position)).toBeNull();
  expect(exitReach({ ...exit, exit_kind: null }, long.position)).toBeNull();
});
