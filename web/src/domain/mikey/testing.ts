import type { AnalysisDto } from '#shared/protocol/ai.ts';
import type { ProposalDto } from '#shared/protocol/ai-chat.ts';
import { quote } from '#shared/money/units.ts';

import { base, usd, usdc } from '../testing.ts';

/** What the exchange answers of MIKEY, for the tests of the panel. */

const id = '5b0d6b8e-7b1c-4b57-9a58-0d5d2f2f5a01';
export const analysisId = '6b0d6b8e-7b1c-4b57-9a58-0d5d2f2f5a02';

/** 2 SOL bought on top of 4 SOL long. */
export const proposalWith = (changed: Partial<ProposalDto> = {}): ProposalDto => ({
  proposal_id: id,
  order: {
    ...{ symbol: 'SOL-PERP', side: 'buy', order_type: 'market', quantity: base('2') },
    ...{ reduce_only: false, time_in_force: 'gtc', leverage: 500 },
  },
  before: {
    position: {
      ...{ side: 'long', size: base('4'), entry_price: usd('150'), margin: usdc('120') },
      ...{ leverage: 500, liquidation_price: usd('121.2') },
    },
    account: { total_balance: usdc('5000'), available_balance: usdc('4879.99'), margin_used: usdc('120') },
  },
  preview: {
    ...{ intent: 'increase', closes: base('0'), opens: base('2'), oracle_price: usd('150'), fill_price: usd('150.03') },
    ...{ spread: usd('0.03'), impact: quote(0n), fee: usdc('0.180036'), notional: usdc('300.06') },
    ...{ realized_pnl: quote(0n), funding: quote(0n), borrow: quote(0n), margin_added: usdc('60.012') },
    ...{ margin_released: quote(0n), margin: usdc('180.012'), leverage: 501, liquidation_price: usd('121.25') },
    position_after: { side: 'long', size: base('6'), entry_price: usd('150.01'), capped: false },
    account_after: { total_balance: usdc('4999.82'), available_balance: usdc('4819.8'), margin_used: usdc('180.02') },
    warnings: [],
  },
  expires_at: '2026-01-01T00:01:00.000Z',
  ...changed,
});

export const analysisWith = (changed: Partial<AnalysisDto> = {}): AnalysisDto => ({
  ...{ analysis_id: analysisId, symbol: 'SOL-PERP', analysis_type: 'trading_signal', confidence_score: 5_500 },
  ...{ recommendation: 'buy', reasoning: 'Up 55 % [probability] while calm [rsi].', horizon: '1h' },
  ...{ created_at: '2026-01-01T00:00:00.000Z', expires_at: '2026-01-01T01:00:00.000Z', model: 'quantitative' },
  ...{ probability_up: 5_500, price: usd('150'), is_active: true, outcome: null },
  figures: [
    { id: 'rsi', label: 'Relative strength index (14)', value: '48.1', unit: '' },
    { id: 'probability', label: 'Probability of a higher price', value: '55.0', unit: '%' },
    { id: 'skew', label: 'Skew', value: '-3.1', unit: '%' },
  ],
  ...changed,
});
