import { describe, expect, test } from 'vitest';

import { base, positionWith, usd } from '../testing.ts';
import { reduceTicket } from '../ticket/reducer.ts';
import { initialTicket } from '../ticket/state.ts';
import { citedFigures, figureCited, figureText, isMisquoted, prefillOfAnalysis } from './analysis-view.ts';
import { changeLines, orderWords, prefillOfOrder } from './proposal-view.ts';
import { analysisId, analysisWith, proposalWith } from './testing.ts';

const filled = (order = proposalWith().order, state = initialTicket) =>
  reduceTicket(state, { type: 'prefill', prefill: prefillOfOrder(order) });

describe('a proposal', () => {
  test('fills the ticket with everything it names, whatever was chosen there before', () => {
    const before = { ...initialTicket, timeInForce: 'ioc', reduceOnly: true, slippageText: '3' } as const;
    const order = {
      ...proposalWith().order,
      ...({ order_type: 'stop_limit', price: usd('151'), stop_price: usd('150.5'), max_slippage_bps: 25 } as const),
      ...{ take_profit: usd('170'), stop_loss: usd('140'), analysis_id: analysisId },
    };
    expect(filled(order, before)).toMatchObject({
      ...{ side: 'buy', orderType: 'stop_limit', sizeText: '2', sizeUnit: 'base', leverageText: '5' },
      ...{ limitPriceText: '151', stopPriceText: '150.5', slippageText: '0.25', timeInForce: 'gtc' },
      ...{ reduceOnly: false, exitsOn: true, takeProfitText: '170', stopLossText: '140', analysisId },
    });
  });

  test('leaves what it does not name as the trader has it', () => {
    expect(filled(undefined, { ...initialTicket, slippageText: '3' })).toMatchObject({ slippageText: '3' });
  });

  test('is said in one line, and shown as it stands and as it would', () => {
    expect(orderWords(proposalWith())).toBe('Buy 2.00 SOL at the market');
    expect(changeLines(proposalWith()).map(({ name, before, after }) => `${name}: ${before} → ${after}`)).toEqual([
      'Position: Long 4.00 SOL → Long 6.00 SOL',
      'Entry price: 150.000 → 150.010',
      'Margin: 120.00 → 180.01',
      'Leverage: 5× → 5.01×',
      'Liq. price: 121.200 → 121.250',
      'Free collateral: 4,879.99 → 4,819.80',
    ]);
  });

  test('that leaves nothing is flat afterwards, without figures of a position', () => {
    const { preview } = proposalWith();
    const lines = changeLines(proposalWith({ preview: { ...preview, position_after: null } }));
    expect(lines.map(({ after }) => after)).toEqual(['Flat', '–', '–', '–', '–', '4,819.80']);
  });
});

describe('an analysis', () => {
  const now = Date.parse('2026-01-01T00:30:00.000Z');

  test('goes into the ticket with its direction and its name; the size stays the trader’s own', () => {
    expect(prefillOfAnalysis(analysisWith(), undefined, now)).toEqual({ side: 'buy', analysisId });
  });

  test('that says close closes the whole position and opens nothing', () => {
    expect(prefillOfAnalysis(analysisWith({ recommendation: 'close' }), positionWith(), now)).toEqual({
      ...{ side: 'sell', orderType: 'market', size: base('100'), reduceOnly: true, analysisId },
    });
  });

  test('fills nothing in where it asks for no trade, where nothing is held, or once it has expired', () => {
    expect(prefillOfAnalysis(analysisWith({ recommendation: 'hold' }), positionWith(), now)).toBeNull();
    expect(prefillOfAnalysis(analysisWith({ recommendation: 'close' }), undefined, now)).toBeNull();
    expect(prefillOfAnalysis(analysisWith(), undefined, Date.parse('2026-01-01T01:00:00.000Z'))).toBeNull();
  });

  test('shows the figures it cites under their numbers, and no other', () => {
    const { reasoning, figures } = analysisWith();
    expect(citedFigures(reasoning, figures).map(({ number, id }) => `${number} ${id}`)).toEqual([
      ...['1 probability', '2 rsi'],
    ]);
    expect(citedFigures('See [nothing_there].', figures)).toEqual([]);
  });

  test('of two figures of one name takes the one that the text gives, and none where it cannot tell', () => {
    const [sol, btc] = ['49.0', '52.5'].map((value) => ({ id: 'probability', label: 'P', value, unit: '%' }));
    const figures = [sol, btc].filter((figure) => figure !== undefined);
    const cited = (value: string) => ({ id: 'probability', cited: { value, unit: '%' } });
    expect(figureCited(figures, cited('52.5'))).toBe(btc);
    expect(figureCited(figures, cited('49'))).toBe(sol);
    expect(figureCited(figures, cited('80'))).toBeUndefined();
    expect(figureCited(figures, { id: 'probability', cited: null })).toBeUndefined();
    expect(figureCited(figures.slice(1), cited('80'))).toBe(btc);
  });

  test('tells where a text gives another number than the figure it cites', () => {
    const figure = { id: 'probability', label: 'P', value: '49.0', unit: '%' };
    expect(isMisquoted({ value: '80', unit: '%' }, figure)).toBe(true);
    expect(isMisquoted({ value: '49', unit: '%' }, figure)).toBe(false);
    expect(isMisquoted(null, figure)).toBe(false);
  });

  test('writes figures with their units', () => {
    expect(figureText({ value: '-3.1', unit: '%' })).toBe('−3.1%');
    expect(figureText({ value: '2.50', unit: 'x' })).toBe('2.50×');
    expect(figureText({ value: '12.5', unit: 'bps' })).toBe('12.5 bps');
  });
});
