import { price } from '#shared/money/units.ts';
import { expect, test } from 'vitest';

import { exitPriceOf, exitResult, fillOf, worstStopResult } from '../exit-result.ts';
import { viewExit } from '../exits.ts';
import { moveOf } from '../line-move.ts';
import { base, marketWith, positionWith, usd, usdc } from '../testing.ts';
import { exitBasisOf, rewardToRiskE2, type TicketExits } from './exits.ts';
import { ticketReceipt } from './receipt.ts';
import type { ExitKind, TicketState } from './state.ts';
import { summarizeTicket } from './summary.ts';
import {
  blockingOf,
  contextWith,
  issuesOf,
  leveraged,
  limitAt,
  livePrice,
  requestOf,
  selling,
  sized,
  ticket,
  typed,
  warningsOf,
} from './testing.ts';

const on = { type: 'exits', on: true } as const;
const takeProfit = (price: string) => ({ type: 'exit', exit: 'takeProfit', typed: price }) as const;
const stopLoss = (price: string) => ({ type: 'exit', exit: 'stopLoss', typed: price }) as const;

function basisOf(state: TicketState, context = contextWith()): TicketExits {
  const summary = summarizeTicket(state, context);
  const basis = exitBasisOf(state, context, summary, ticketReceipt(context, summary, undefined));
  if (basis === null) throw new Error('no basis');
  return basis;
}

/** 10 SOL long from 150 at 20×: 75 USDC of margin. */
const long = basisOf(ticket(sized('10'), leveraged('20')));
const short = basisOf(ticket(selling, sized('10'), leveraged('20')));

const resultAt = (basis: TicketExits, exit: ExitKind, at: string) => exitResult(basis, usd(at), fillOf[exit]);

test('the result of an exit is what is left after the fee of closing, as an amount and as a share of the margin', () => {
  expect(long).toMatchObject({ size: base('10'), nominal: false });
  expect(long.context.position).toMatchObject({ side: 'long', entry_price: usd('150'), margin_used: usdc('75') });
  expect(resultAt(long, 'takeProfit', '156')).toEqual({
    // 60 less 6 bps of 1,560
    net: usdc('59.064'),
    fillPrice: usd('156'),
    fee: usdc('0.936'),
    marginShareBps: 7_875n,
    capped: false,
  });
  expect(resultAt(long, 'stopLoss', '147')).toMatchObject({ net: usdc('-30.882'), marginShareBps: -4_118n });
  expect(resultAt(short, 'takeProfit', '147')).toMatchObject({ net: usdc('29.118') });
});

test('the ticket, the chart and the window of the exits say the same of the same exit', () => {
  const opened = positionWith({ size: base('10'), margin_used: usdc('75') });
  const stats = { long_open_interest: base('10'), short_open_interest: base('0') };
  const held = { ...contextWith({ live: livePrice({ confidence: usd('0.02') }), stats }), position: opened };
  const basis = basisOf(ticket(sized('10'), leveraged('20')), contextWith({ live: held.live }));
  const entry = { ...held, position: { ...opened, entry_price: basis.context.position.entry_price } };
  for (const [kind, field, at] of [
    ['takeProfit', 'take_profit', '156'],
    ['stopLoss', 'stop_loss', '147'],
  ] as const) {
    const inTicket = resultAt(basis, kind, at)?.net;
    expect(viewExit(entry, field, usd(at), base('10'), 50n)?.result.net).toBe(inTicket);
    const line = { id: 'new', kind, price: usd(at), label: '', tone: 'up', order: null } as const;
    const target = { of: 'position', positionId: opened.id, field } as const;
    expect(moveOf({ ...line, target }, usd(at), entry, 50n).result?.net).toBe(inTicket);
  }
});

test('no take-profit promises more than the profit cap pays', () => {
  expect(resultAt(long, 'takeProfit', '400')).toMatchObject({ net: usdc('1497.6'), capped: true });
  const state = ticket(sized('10'), leveraged('20'), on, takeProfit('301'));
  expect(warningsOf(state, contextWith())).toContain('takeProfitCapped');
});

test.each([
  ['long', long, 'takeProfit', 8_000n, '156.094'],
  ['long', long, 'stopLoss', 4_000n, '147.089'],
  ['short', short, 'takeProfit', 8_000n, '143.913'],
  ['short', short, 'stopLoss', 4_000n, '152.908'],
] as const)(
  '%s: a share of the margin becomes the price that comes to it, costs and all',
  (_side, basis, exit, share, at) => {
    expect(exitPriceOf(basis, exit, share, 3)).toBe(usd(at));
  },
);

test('in the market’s digits a take-profit wins at least what was asked, a stop-loss loses at most that, and the price beside misses it', () => {
  for (const basis of [long, short])
    for (const share of [333n, 1_234n, 9_999n])
      for (const exit of ['takeProfit', 'stopLoss'] as const) {
        const at = exitPriceOf(basis, exit, share, 1) ?? usd('0');
        const least = exit === 'takeProfit' ? share : -share;
        const isUp = basis === long;
        const beside = price(isUp ? at - 10_000_000n : at + 10_000_000n);
        expect(exitResult(basis, at, fillOf[exit])?.marginShareBps).toBeGreaterThanOrEqual(least);
        expect(exitResult(basis, beside, fillOf[exit])?.marginShareBps).toBeLessThan(least);
      }
});

test('a share that no price comes to has no price', () => {
  // Above the cap of the whole entry value: 20 × the margin. Below it by less than the fee is out of reach too.
  expect(exitPriceOf(long, 'takeProfit', 200_001n, 3)).toBeNull();
  expect(exitPriceOf(long, 'takeProfit', 199_990n, 3)).toBeNull();
  expect(exitPriceOf(long, 'stopLoss', 200_000n, 3)).toBeNull();
  // The fee of closing alone is more.
  expect(exitPriceOf(long, 'stopLoss', 100n, 3)).toBeNull();
});

test('before a size is entered, shares of the margin are right already', () => {
  const nominal = basisOf(ticket(leveraged('20')));
  expect(nominal.nominal).toBe(true);
  expect(exitPriceOf(nominal, 'takeProfit', 8_000n, 3)).toBe(usd('156.094'));
});

test('reward to risk compares what both exits come to; a stop-loss may execute as far off as its slippage allows', () => {
  // 59.064 : 30.882
  expect(rewardToRiskE2(long, usd('156'), usd('147'))).toBe(191n);
  expect(rewardToRiskE2(long, usd('156'), null)).toBeNull();
  expect(rewardToRiskE2(long, usd('149'), usd('147'))).toBeNull();
  // 147 less 1 % is 145.53: −44.70 less 6 bps of 1,455.30.
  expect(worstStopResult(long, usd('147'), 100n)?.net).toBe(usdc('-45.57318'));
});

test('an exit on the wrong side of the entry is held back, and says which side is right', () => {
  const context = contextWith();
  const buy = (...exit: Parameters<typeof ticket>) => ticket(sized('1'), on, ...exit);
  expect(blockingOf(buy(takeProfit('149')), context)).toBe('takeProfitSide');
  expect(blockingOf(buy(takeProfit('150')), context)).toBe('takeProfitSide');
  expect(blockingOf(buy(takeProfit('150.001')), context)).toBeUndefined();
  expect(blockingOf(buy(stopLoss('151')), context)).toBe('stopLossSide');
  expect(blockingOf(buy(stopLoss('149')), context)).toBeUndefined();
  const sell = ticket(selling, sized('1'), on, takeProfit('151'));
  expect(issuesOf(sell, context).find((issue) => issue.blocks)?.title).toBe('Take profit must be below the entry');
  expect(blockingOf(buy(takeProfit('0')), context)).toBe('takeProfit');
});

test('exits of an order that waits are measured from the price it waits for', () => {
  const waiting = ticket(typed('limit'), limitAt('140'), sized('1'), on, takeProfit('145'), stopLoss('135'));
  expect(blockingOf(waiting, contextWith())).toBeUndefined();
  expect(requestOf(waiting)).toMatchObject({ take_profit: usd('145'), stop_loss: usd('135'), max_slippage_bps: 50 });
});

test('a stop-loss that the liquidation comes before is warned of, not forbidden', () => {
  const state = ticket(sized('10'), leveraged('20'), on, stopLoss('143'));
  expect(blockingOf(state, contextWith())).toBeUndefined();
  expect(warningsOf(state, contextWith())).toContain('stopBehindLiquidation');
  expect(warningsOf({ ...state, stopLossText: '145' }, contextWith())).not.toContain('stopBehindLiquidation');
});

test('an order that opens nothing carries no exits, and says so', () => {
  const context = contextWith({ position: positionWith() });
  const closing = ticket(selling, sized('10'), on, takeProfit('140'), stopLoss('160'));
  expect(warningsOf(closing, context)).toContain('exitsUnused');
  expect(requestOf(closing, context)).not.toHaveProperty('take_profit');
  const flip = { ...closing, sizeText: '150' };
  expect(requestOf(flip, context)).toMatchObject({ take_profit: usd('140'), stop_loss: usd('160') });
});

test('exits and reduce-only exclude each other: the later choice counts', () => {
  const exits = ticket(on, takeProfit('160'));
  expect(ticket(on, { type: 'reduceOnly', reduceOnly: true }).exitsOn).toBe(false);
  expect(ticket({ type: 'reduceOnly', reduceOnly: true }, on).reduceOnly).toBe(false);
  expect(exits.takeProfitText).toBe('160');
});

test('on the other side the two prices change their roles', () => {
  expect(ticket(on, takeProfit('160'), stopLoss('140'), selling)).toMatchObject({
    takeProfitText: '140',
    stopLossText: '160',
  });
});

test('a market without a profit cap to speak of computes exits all the same', () => {
  const context = contextWith({ market: marketWith({ payoff_cap_bps: 1 }) });
  const state = ticket(sized('10'), leveraged('20'));
  // 0.15 less 6 bps of 1,600.
  expect(resultAt(basisOf(state, context), 'takeProfit', '160')).toMatchObject({ net: usdc('-0.81'), capped: true });
});
