import { expect, test } from 'vitest';

import { marketHindrance } from './market-exit.ts';
import { marketWith } from './testing.ts';
import { contextWith, livePrice } from './ticket/testing.ts';
import { recordTexts } from '../i18n/records.ts';

const { waysOut, waysOutOfSwitch } = recordTexts.positions;

test('nothing keeps a position from being closed or flipped while the price counts', () => {
  expect(marketHindrance('close', contextWith())).toBeUndefined();
  expect(marketHindrance('flip', contextWith())).toBeUndefined();
});

test('a price that is stale, too uncertain, silent or not there keeps both back, and the ways out are named', () => {
  const wide = livePrice({ state: 'uncertain', confidence: (3n * 10n ** 8n) as never });
  const bad = { stale: livePrice({ state: 'stale' }), uncertain: wide, silent: livePrice(), noPrice: undefined };
  for (const [code, live] of Object.entries(bad)) {
    const condition = contextWith({ live, silent: code === 'silent' });
    for (const exit of ['close', 'flip'] as const) {
      const hindrance = marketHindrance(exit, condition);
      expect(hindrance?.code).toBe(code);
      expect(hindrance?.text).toContain(waysOut);
    }
  }
});

test('a price far from its average, or a halted market, still closes and no longer flips', () => {
  const far = contextWith({ live: livePrice({ state: 'uncertain', ema: (100n * 10n ** 8n) as never }) });
  const halted = contextWith({ market: marketWith({ status: 'halted' }), live: livePrice({ state: 'halted' }) });
  for (const condition of [far, halted]) {
    expect(marketHindrance('close', condition)).toBeUndefined();
    const hindrance = marketHindrance('flip', condition);
    expect(hindrance?.title).toBeDefined();
    expect(hindrance?.text).not.toContain(waysOut);
  }
});

test('where operators switched closing off, the one way that asks nobody is named', () => {
  const message = 'Closing is off.';
  const held = { operation: 'close', code: 'MARKET_005', message } as const;
  const condition = contextWith({ market: { ...marketWith(), restrictions: [held as never] } });
  expect(marketHindrance('close', condition)).toMatchObject({
    code: 'closingOff',
    text: `${message} ${waysOutOfSwitch}`,
  });
});
