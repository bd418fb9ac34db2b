import { describe, expect, it } from 'vitest';
import { quote, size } from '#shared/money/units.ts';
import { sampleMarket, samplePosition, samplePrice } from '../../tests/workers/market/sample-market.ts';
import { checkOrder, type OrderSituation } from './order-checks.ts';

const e8 = (value: bigint): bigint => value * 100_000_000n;
const usdc = (value: bigint) => quote(value * 1_000_000n);

const held = samplePosition('long', e8(1n), e8(150n), 15_000_000n);

const situation = (collateral: bigint): OrderSituation => ({
  account: {
    owner: '',
    collateral: usdc(collateral),
    seq: 1n,
    delegate: { enabled: true, expiresAt: 2n ** 40n, turnoverCap: 0n, maxSlippageBps: 100 },
  },
  // 1 SOL long entered at 150 with 10x.
  position: {
    ...held,
    owner: '',
    marketIndex: 0,
    eventSeq: 1n,
    openedSeq: 1n,
    openedAt: 1_000n,
    lastOrderId: [],
    closeRequestedAt: 0n,
    realizedPnl: 0n,
  },
  snapshot: {
    symbol: 'SOL-PERP',
    price: samplePrice(e8(150n)),
    priceState: 'ok',
    receivedAtMs: 1_000_000,
    market: { ...sampleMarket(), long: { ...held, size: held.size } },
    stats: null,
    controls: { off: [], brake: null },
    isBookFull: false,
  },
  standing: null,
  nowMs: 1_000_000,
});

const order = {
  side: 'buy' as 'buy' | 'sell',
  orderType: 'limit' as const,
  quantity: e8(1n),
  price: e8(100n),
  stopPrice: null,
  reduceOnly: false,
  timeInForce: 'gtc' as const,
  expiresAtMs: null,
  leverageE2: 1_000,
  worstPrice: e8(100n),
};

const codeOf = (change: object, collateral = 1_000n): string | null => {
  const result = checkOrder({ ...order, ...change }, situation(collateral));
  return result.ok ? null : result.error.code;
};

describe('an order that will rest', () => {
  it('is not refused for what the position held now would be worth at its price', () => {
    expect(codeOf({})).toBeNull();
    expect(codeOf({ orderType: 'stop', price: null, stopPrice: e8(400n) })).toBeNull();
  });

  it('must have a leverage of the market, the least notional, and free collateral for its margin and fee', () => {
    expect(codeOf({ leverageE2: 2_001 })).toBe('TRADING_003');
    expect(codeOf({ price: 1n })).toBe('TRADING_012');
    expect(codeOf({}, 10n)).toBe('TRADING_002');
    expect(codeOf({}, 11n)).toBeNull();
  });

  it('must reduce something where it is reduce-only', () => {
    expect(codeOf({ reduceOnly: true })).toBe('TRADING_005');
    expect(codeOf({ side: 'sell', price: e8(200n), reduceOnly: true })).toBeNull();
  });
});

it('an order that executes at once is judged with the position it increases', () => {
  const thin = { ...situation(1_000n), position: { ...situation(1_000n).position!, margin: quote(1_000_000n) } };
  const market = { ...order, orderType: 'market' as const, price: null, worstPrice: e8(160n) };
  expect(checkOrder(market, thin)).toMatchObject({ ok: false, error: { code: 'TRADING_018' } });
});

describe('an order that turns the position', () => {
  const turn = { orderType: 'market' as const, price: null, side: 'sell' as const, worstPrice: 1n };

  it('pays for the new side with what the close releases', () => {
    // 2 SOL short at 10×: 30 USDC of margin, of which 15 come from the long.
    expect(codeOf({ ...turn, quantity: e8(3n) }, 16n)).toBeNull();
    expect(codeOf({ ...turn, quantity: e8(3n) }, 15n)).toBe('TRADING_002');
  });

  it('is refused for what its opening may not do, and not for what only closes', () => {
    expect(codeOf({ ...turn, quantity: e8(3n), leverageE2: 2_001 })).toBe('TRADING_003');
    expect(codeOf({ ...turn, quantity: e8(1n), leverageE2: 2_001 })).toBeNull();
    expect(codeOf({ ...turn, quantity: e8(3n), worstPrice: e8(151n) })).toBe('TRADING_004');
  });
});

describe('the text of a refusal', () => {
  const messageOf = (change: object): string | null => {
    const { snapshot, ...rest } = situation(1_000n);
    const { config } = sampleMarket();
    // With an impact, whose charge is rounded up.
    const skewed = { ...sampleMarket(), config: { ...config, skewScale: size(e8(1_000n)) } };
    const alone = { ...rest, position: null, snapshot: { ...snapshot, market: skewed } };
    const result = checkOrder({ ...order, ...change }, alone);
    return result.ok ? null : `${result.error.code} ${result.error.message}`;
  };
  const market = { orderType: 'market' as const, price: null, worstPrice: e8(160n) };

  it('names the minimum notional of the market', () => {
    const text = "TRADING_012 The position would be below the market's minimum notional of 1 USD. Raise the quantity.";
    expect(messageOf({ price: 1n })).toBe(text);
    expect(messageOf({ ...market, quantity: e8(1n) / 200n })).toBe(text);
  });

  it('says of a quantity whose costs round up beyond the price that it is too small, and not that the price moved', () => {
    expect(messageOf({ ...market, quantity: 1n })).toMatch(
      /^TRADING_004 The quantity is too small.* at least 1 USD\.$/,
    );
    expect(messageOf({ ...market, worstPrice: e8(149n) })).toBe(
      'TRADING_004 The execution price is worse than the order allows.',
    );
  });
});
