import { expect, test } from 'vitest';
import { bps, entryValue, fineValue, indexValue, quote } from '#shared/money/units.ts';
import { recomputeLiquidation, type LiquidationEvidence } from '#shared/perps/liquidation-receipt.ts';
import { liquidatedPart } from '#shared/perps/position-liquidate.ts';
import type { LiquidationDto, ReceiptDto } from '#shared/protocol/fills.ts';

import { verifyLiquidation } from './liquidation-verification.ts';
import { base, usd, usdc } from './testing.ts';
import { isRight, verdictOf } from './verification.ts';

const id = '5b0d6b8e-7b1c-4b57-9a58-0d5d2f2f5a01';
/** 100 SOL long from 150 USD with 750 USDC, at 144 USD: below 1 % of maintenance margin. */
const evidence: LiquidationEvidence = {
  before: {
    side: 'long',
    size: base('100'),
    entryValue: entryValue(base('100') * usd('150')),
    margin: usdc('740'),
    reserve: usdc('15000'),
    fundingSum: fineValue(0n),
    borrowSum: fineValue(0n),
    seq: 0n,
    payoutOwed: quote(0n),
  },
  price: usd('144'),
  indexes: { fundingIndex: indexValue(0n), borrowIndex: indexValue(0n) },
  parameters: {
    maintenanceMarginBps: bps(100n),
    liquidationFeeBps: bps(50n),
    keeperShareBps: bps(5_000n),
    liquidationTargetBps: bps(12_500n),
    minLiquidationBps: bps(1_000n),
    minPositionNotional: usdc('10'),
  },
  payoutOwed: quote(0n),
  rewardTaken: true,
};
const decision = recomputeLiquidation(evidence);
const { remainder } = liquidatedPart(evidence.before, evidence.indexes, evidence.price, evidence.parameters).realised;
const after = { ...remainder, margin: decision.marginAfter };

/** Integers as a receipt keeps them: text. */
const asText = (value: unknown): unknown => {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, asText(inner)]));
};

const receiptWith = (changed: object = {}): ReceiptDto => ({
  signature: '5'.repeat(88),
  slot: 1,
  events: [
    {
      name: 'PositionLiquidated',
      symbol: 'SOL-PERP',
      feed_id: null,
      publish_time: null,
      prev_publish_time: null,
      price: null,
      confidence: null,
      data: asText({
        liquidator: '7UVimffxr9ow1uXYxsr4LHAcV58mLzhmwaeKvJ1pjLiE',
        oracle: {
          price: evidence.price,
          conf: usd('0.03'),
          ema: evidence.price,
          publishTime: 1_760_000_010n,
          prevPublishTime: 1_760_000_009n,
        },
        parameters: evidence.parameters,
        before: evidence.before,
        after,
        payoutOwed: 0n,
        marketAfter: evidence.indexes,
        ...changed,
      }) as Record<string, unknown>,
    },
  ],
});

const row: LiquidationDto = {
  id,
  position_id: id,
  symbol: 'SOL-PERP',
  side: 'long',
  quantity: decision.size,
  price: evidence.price,
  full: false,
  realized_pnl: decision.realizedPnl,
  funding: decision.funding,
  borrow: decision.borrow,
  liquidation_fee: decision.liquidationFee,
  keeper_reward: decision.keeperShare,
  margin_released: decision.marginReleased,
  bad_debt: decision.badDebt,
  liquidator: null,
  publish_time: 1_760_000_010,
  transaction_hash: '5'.repeat(88),
  created_at: '2026-01-01T00:00:00.000Z',
};

const wrongNames = (of: LiquidationDto, receipt: ReceiptDto) =>
  verifyLiquidation(of, receipt)
    ?.checks.filter((check) => !isRight(check))
    .map(({ name }) => name);

test('a liquidation of a part agrees in every figure, down to the position it left', () => {
  expect(decision.size).toBeLessThan(evidence.before.size);
  const verification = verifyLiquidation(row, receiptWith());
  expect(verification === undefined ? undefined : verdictOf(verification)).toEqual({ compared: 13, wrong: 0 });
});

test('a figure that does not follow is named', () => {
  expect(wrongNames({ ...row, liquidation_fee: quote(row.liquidation_fee + 1n) }, receiptWith())).toEqual([
    'liquidationFee',
  ]);
  expect(wrongNames(row, receiptWith({ after: { ...after, margin: after.margin - 1n } }))).toEqual(['marginAfter']);
});

test('a liquidation of a position that was healthy is not called right', () => {
  const healthy = receiptWith({ before: { ...evidence.before, margin: usdc('5000') } });
  expect(wrongNames(row, healthy)).toContain('allowed');
});

test('without its event, or with one of another shape, nothing is claimed', () => {
  expect(verifyLiquidation(row, undefined)).toBeUndefined();
  expect(verifyLiquidation({ ...row, symbol: 'BTC-PERP' }, receiptWith())).toBeUndefined();
  expect(verifyLiquidation(row, receiptWith({ oracle: {} }))).toBeUndefined();
});
