import { expect, test } from 'vitest';
import { FINE_VALUE_PER_QUOTE, price, quote, size } from '#shared/money/units.ts';
import { open, reduce } from '#shared/perps/position.ts';
import { FLAT_POSITION } from '#shared/perps/side.ts';
import type { MarketState, PositionState } from '#shared/perps/types.ts';
import type { FillDto, ReceiptDto } from '#shared/protocol/fills.ts';

import { verifyFill } from './fill-verification.ts';
import { base, marketWith, usd } from './testing.ts';
import { marketStateOf } from './ticket/market-state.ts';
import { isRight, verdictOf } from './verification.ts';

const market = marketWith();
const oracle = { price: usd('150'), conf: usd('0.05'), ema: usd('150'), publishTime: 1_760_000_010n };
const account = { collateral: quote(10n ** 12n), seq: 0n };
const state = ((): MarketState => {
  const known = marketStateOf({ market, stats: undefined }, oracle.price, null);
  if (known === null) throw new Error('the market has parameters');
  return known;
})();

/** Integers as a receipt keeps them: text. */
const asText = (value: unknown): unknown => {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, asText(inner)]));
};

const marketAfter = ({ long, short, fundingIndex, borrowIndex }: MarketState) => ({
  longOi: long.size,
  shortOi: short.size,
  fundingIndex,
  borrowIndex,
});

const stated = (before: PositionState, after: PositionState, marketState: MarketState, traded: bigint) => ({
  oracle: { ...oracle, prevPublishTime: oracle.publishTime - 1n },
  minPublishTime: oracle.publishTime,
  before,
  after,
  size: traded,
  marketAfter: marketAfter(marketState),
});

const opened = open({ market: state, position: FLAT_POSITION, account }, oracle, {
  side: 'long',
  size: base('20'),
  leverageE2: 1_000n,
  worstPrice: price(2n ** 60n),
});
const reduced = reduce({ ...opened, account: opened.account }, oracle, { size: base('5'), worstPrice: null });

const openingData = {
  ...stated(FLAT_POSITION, opened.position, opened.market, base('20')),
  worstPrice: price(2n ** 60n),
  leverageE2: 1_000n,
  fillPrice: opened.fillPrice,
  impact: opened.impact,
  fee: opened.fee,
  feeSplit: { pool: 0n, insurance: 0n, treasury: opened.fee },
  marginAdded: opened.marginAdded,
};
const reductionData = {
  ...stated(opened.position, reduced.position, reduced.market, base('5')),
  worstPrice: 0n,
  reason: 'order',
  fillPrice: reduced.fillPrice,
  impact: reduced.impact,
  fee: reduced.fee,
  feeSplit: { pool: 0n, insurance: 0n, treasury: reduced.fee },
  entryValue: opened.position.entryValue - reduced.position.entryValue,
  realizedPnl: reduced.realizedPnl,
  funding: reduced.funding,
  borrow: reduced.borrow,
  marginReleased: reduced.marginReleased,
  badDebt: reduced.badDebt,
};

const event = (name: string, data: unknown): ReceiptDto['events'][number] => ({
  name,
  symbol: 'SOL-PERP',
  feed_id: null,
  publish_time: null,
  prev_publish_time: null,
  price: null,
  confidence: null,
  data: asText(data) as Record<string, unknown>,
});
const receipt: ReceiptDto = {
  signature: '5'.repeat(88),
  slot: 1,
  events: [event('PositionReduced', reductionData), event('PositionIncreased', openingData)],
};

const fill = (changed: Partial<FillDto>): FillDto => ({
  id: '5b0d6b8e-7b1c-4b57-9a58-0d5d2f2f5a01',
  order_id: null,
  position_id: '5b0d6b8e-7b1c-4b57-9a58-0d5d2f2f5a02',
  symbol: 'SOL-PERP',
  side: 'buy',
  reason: 'order',
  quantity: base('20'),
  price: opened.fillPrice,
  fee: opened.fee,
  impact: opened.impact,
  realized_pnl: quote(0n),
  funding: quote(0n),
  borrow: quote(0n),
  publish_time: Number(oracle.publishTime),
  transaction_hash: '5'.repeat(88),
  created_at: '2026-01-01T00:00:00.000Z',
  ...changed,
});
const sale = fill({
  side: 'sell',
  quantity: base('5'),
  price: reduced.fillPrice,
  fee: reduced.fee,
  impact: reduced.impact,
  realized_pnl: reduced.realizedPnl,
  funding: reduced.funding,
  borrow: reduced.borrow,
});

const wrongNames = (row: FillDto, of: ReceiptDto = receipt) =>
  verifyFill(row, of, market)
    ?.checks.filter((check) => !isRight(check))
    .map(({ name }) => name);

test('an opening and a reduction agree in every figure with what the program stated', () => {
  const opening = verifyFill(fill({}), receipt, market);
  expect(opening === undefined ? undefined : verdictOf(opening)).toEqual({ compared: 11, wrong: 0 });
  const reduction = verifyFill(sale, receipt, market);
  expect(reduction === undefined ? undefined : verdictOf(reduction)).toEqual({ compared: 16, wrong: 0 });
});

test('a figure of the table that does not follow from the evidence is named', () => {
  expect(wrongNames(fill({ fee: quote(opened.fee + 1n) }))).toEqual(['fee']);
  expect(wrongNames({ ...sale, realized_pnl: quote(reduced.realizedPnl + 1n) })).toEqual(['realizedPnl']);
  expect(wrongNames({ ...sale, quantity: size(sale.quantity - 1n) })).toEqual(['size']);
});

test('a figure of the event that does not follow is named, down to the funding base of the position', () => {
  const changed = (data: object): ReceiptDto => ({ ...receipt, events: [event('PositionReduced', data)] });
  expect(wrongNames(sale, changed({ ...reductionData, marginReleased: reduced.marginReleased - 1n }))).toEqual([
    'marginReleased',
  ]);
  const after = { ...reduced.position, borrowSum: reduced.position.borrowSum + FINE_VALUE_PER_QUOTE };
  expect(wrongNames(sale, changed({ ...reductionData, after }))).toEqual(['sumsAfter']);
});

test('evidence that the mathematics refuses says with what', () => {
  const capped = { ...receipt, events: [event('PositionReduced', { ...reductionData, reason: 'capped' })] };
  expect(verifyFill(sale, capped, market)?.checks.find(({ name }) => name === 'execution')?.recomputed).toContain(
    'NotCapped',
  );
});

test('a receipt of another shape is unreadable, not wrong; without parameters nothing is computed', () => {
  expect(verifyFill(sale, { ...receipt, events: [event('PositionReduced', { size: '5' })] }, market)).toBeUndefined();
  expect(verifyFill(sale, { ...receipt, events: [] }, market)).toBeUndefined();
  expect(verifyFill(sale, receipt, { ...market, parameters: null })).toBeUndefined();
});

test('a fill at a later price than the first says so, and why that may be right', () => {
  const late = { ...openingData, minPublishTime: oracle.publishTime - 5n };
  const told = (data: unknown) => {
    const events = [event('PositionIncreased', data)];
    return verifyFill(fill({}), { ...receipt, events }, market)?.checks.find(({ name }) => name === 'firstEligible');
  };
  expect(told(openingData)?.note).toBeUndefined();
  expect(told(late)).toMatchObject({ stated: 'a later one', note: expect.stringContaining('limit or a stop') });
});
