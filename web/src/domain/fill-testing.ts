import { price, quote } from '#shared/money/units.ts';
import { open, reduce } from '#shared/perps/position.ts';
import { FLAT_POSITION } from '#shared/perps/side.ts';
import type { MarketState, PositionState } from '#shared/perps/types.ts';
import type { FillDto, ReceiptDto } from '#shared/protocol/fills.ts';

import { base, marketWith, usd } from './testing.ts';
import { marketStateOf } from './ticket/market-state.ts';

/** Two executions with their receipts, as the program states them: 20 SOL bought at 10×, and 5 of them sold at the same oracle price. */

export const market = marketWith();
export const oracle = { price: usd('150'), conf: usd('0.05'), ema: usd('150'), publishTime: 1_760_000_010n };
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

export const opened = open({ market: state, position: FLAT_POSITION, account }, oracle, {
  side: 'long',
  size: base('20'),
  leverageE2: 1_000n,
  worstPrice: price(2n ** 60n),
});
export const reduced = reduce({ ...opened, account: opened.account }, oracle, { size: base('5'), worstPrice: null });

export const openingData = {
  ...stated(FLAT_POSITION, opened.position, opened.market, base('20')),
  worstPrice: price(2n ** 60n),
  leverageE2: 1_000n,
  fillPrice: opened.fillPrice,
  impact: opened.impact,
  fee: opened.fee,
  feeSplit: { pool: 0n, insurance: 0n, treasury: opened.fee },
  marginAdded: opened.marginAdded,
};
export const reductionData = {
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

export const event = (name: string, data: unknown): ReceiptDto['events'][number] => ({
  name,
  symbol: 'SOL-PERP',
  feed_id: null,
  publish_time: null,
  prev_publish_time: null,
  price: null,
  confidence: null,
  data: asText(data) as Record<string, unknown>,
});
export const receipt: ReceiptDto = {
  signature: '5'.repeat(88),
  slot: 1,
  events: [event('PositionReduced', reductionData), event('PositionIncreased', openingData)],
};

export const fill = (changed: Partial<FillDto>): FillDto => ({
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
export const sale = fill({
  side: 'sell',
  quantity: base('5'),
  price: reduced.fillPrice,
  fee: reduced.fee,
  impact: reduced.impact,
  realized_pnl: reduced.realizedPnl,
  funding: reduced.funding,
  borrow: reduced.borrow,
});
