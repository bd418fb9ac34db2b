import { describe, expect, it } from 'vitest';
import { bps, entryValue, fineValue, indexValue, price, quote, rate, size } from '#shared/money/units.ts';
import { EMPTY_TOTALS } from '#shared/perps/side.ts';
import type { MarketState, PositionState } from '#shared/perps/types.ts';
import { presentBalance } from './balance.ts';
import { presentPosition } from './position.ts';
import { positionSchema } from '../positions.ts';
import { balanceSchema } from '../portfolio.ts';
import { readJson, writeJson } from '../wire.ts';
import type { AccountView } from '#shared/account-view.ts';
import type { MarketSnapshot } from '#shared/market-snapshot.ts';

const oracle = { price: price(15_000_000_000n), conf: price(5_000_000n), ema: price(15_000_000_000n), publishTime: 1n };

/** 10 SOL long at 160 with 100 USDC of margin. */
const position: PositionState = {
  side: 'long',
  size: size(1_000_000_000n),
  entryValue: entryValue(1_000_000_000n * 16_000_000_000n),
  margin: quote(100_000_000n),
  reserve: quote(1_600_000_000n),
  fundingSum: fineValue(0n),
  borrowSum: fineValue(0n),
  seq: 1n,
  payoutOwed: quote(0n),
};

const view: AccountView = {
  owner: '7UVimffxr9ow1uXYxsr4LHAcV58mLzhmwaeKvJ1pjLiE',
  account: { collateral: quote(50_000_000n), seq: 1n },
  positions: [{ symbol: 'SOL-PERP', positionId: '7d444840-9dc0-51d1-b245-5ffdce74fad2', openedAtMs: 0, position }],
  realizedPnl: -1_500_000n,
};

/** Funding and borrow are off: nothing accrues. */
const market = {
  fundingIndex: indexValue(0n),
  borrowIndex: indexValue(0n),
  accruedAt: 0n,
  backing: quote(10_000_000_000n),
  long: { ...EMPTY_TOTALS, size: position.size, reserve: position.reserve },
  short: EMPTY_TOTALS,
  config: {
    maintenanceMarginBps: bps(100n),
    fundingSkewScale: size(0n),
    maxFundingRate: rate(0n),
    borrowBase: rate(0n),
    borrowSlope: rate(0n),
    maxAccrualSeconds: 3_600n,
  },
} as unknown as MarketState;

const snapshot = {
  symbol: 'SOL-PERP',
  price: oracle,
  priceState: 'ok',
  receivedAtMs: 0,
  stats: null,
  controls: { off: [], brake: null },
  isBookFull: false,
  market,
} satisfies MarketSnapshot;

const [held] = view.positions;
const shown = (at: MarketSnapshot | null, nowMs = 0) => presentPosition(held ?? expect.fail(), at, nowMs);

describe('a position', () => {
  it('is shown at the live price, with equity, leverage and liquidation price by the shared mathematics', () => {
    expect(shown(snapshot)).toMatchObject({
      entry_price: 16_000_000_000n,
      current_price: 15_000_000_000n,
      unrealized_pnl: -100_000_000n,
      equity: 0n,
      // Nothing left: no leverage can be named.
      leverage: null,
      notional: 1_500_000_000n,
      maintenance_margin: 15_000_000n,
    });
    // (160 − 10) / (1 − 1 %), rounded up.
    expect(shown(snapshot).liquidation_price).toBe(15_151_515_152n);
  });

  it('without a price shows what it knows by itself, and null for the rest', () => {
    for (const at of [null, { ...snapshot, price: null }]) {
      expect(shown(at)).toMatchObject({
        entry_price: 16_000_000_000n,
        margin_used: 100_000_000n,
        unrealized_pnl: null,
        equity: null,
      });
    }
  });

  it('owes what accrued since its market was last seen, by the second', () => {
    // Only longs: the full funding rate of 0.1 % an hour; borrow of 0.05 % and 16 % of a slope of 0.05 %.
    const config = {
      ...market.config,
      fundingSkewScale: size(1n),
      maxFundingRate: rate(1_000_000n),
      borrowBase: rate(500_000n),
      borrowSlope: rate(500_000n),
    };
    const accruing = { ...snapshot, market: { ...market, config } };
    expect(shown(accruing)).toMatchObject({ funding_owed: 0n, borrow_owed: 0n, equity: 0n });
    // 1,500 USD for half an hour.
    expect(shown(accruing, 1_800_999)).toMatchObject({ funding_owed: 750_000n, borrow_owed: 435_000n });
    expect(shown(accruing, 1_800_999).equity).toBe(-1_185_000n);
    expect(shown({ ...snapshot, market: { ...accruing.market, borrowIndex: indexValue(-1n) } }).borrow_owed).toBe(0n);
  });

  it('survives the wire with every digit', () => {
    expect(readJson(positionSchema, writeJson(positionSchema, shown(snapshot)))).toEqual(shown(snapshot));
  });
});

describe('a balance', () => {
  it('is collateral, margins and unrealised profit; a market without a price counts with its margin', () => {
    const priced = presentBalance(view, () => snapshot);
    expect(priced).toMatchObject({
      total_balance: 50_000_000n,
      available_balance: 50_000_000n,
      margin_used: 100_000_000n,
    });
    expect(priced).toMatchObject({ unrealized_pnl: -100_000_000n, realized_pnl: -1_500_000n, leverage: 3_000 });
    expect(presentBalance(view, () => null)).toMatchObject({ total_balance: 150_000_000n, unrealized_pnl: 0n });
    expect(readJson(balanceSchema, writeJson(balanceSchema, priced))).toEqual(priced);
  });

  it('of a wallet without an account is nothing, and says so', () => {
    const empty = presentBalance({ account: null, positions: [], realizedPnl: 0n }, () => null);
    expect(empty).toMatchObject({ account_open: false, total_balance: 0n, leverage: 0 });
  });
});
