import { describe, expect, it } from 'vitest';
import { bps, entryValue, fineValue, indexValue, price, quote, rate, size } from '#shared/money/units.ts';
import type { MarketState } from '#shared/perps/types.ts';
import type { AccountView } from '#shared/account-view.ts';
import type { MarketSnapshot } from '#shared/market-snapshot.ts';
import { presentRiskHealth } from './risk-health.ts';

const usd = (cents: bigint) => price(cents * 10n ** 6n);
const usdc = (whole: bigint) => quote(whole * 10n ** 6n);
const flat = { size: size(0n), reserve: quote(0n) };

/** Maintenance margin of 1 %, no funding and no borrow. */
const market = {
  fundingIndex: indexValue(0n),
  borrowIndex: indexValue(0n),
  accruedAt: 0n,
  backing: usdc(1_000_000n),
  long: flat,
  short: flat,
  config: {
    maintenanceMarginBps: bps(100n),
    fundingSkewScale: size(0n),
    maxFundingRate: rate(0n),
    borrowBase: rate(0n),
    borrowSlope: rate(0n),
    maxAccrualSeconds: 3_600n,
  },
} as unknown as MarketState;

const snapshotAt = (cents: bigint): MarketSnapshot => ({
  symbol: 'SOL-PERP',
  price: { price: usd(cents), conf: price(1n), ema: usd(cents), publishTime: 0n },
  priceState: 'ok',
  receivedAtMs: 0,
  market,
  stats: null,
  controls: { off: [], brake: null },
  isBookFull: false,
});

/** 10 SOL from 100 USD with 50 USDC. */
const viewOf = (side: 'long' | 'short') =>
  ({
    account: { collateral: usdc(7n), seq: 0n },
    realizedPnl: 0n,
    positions: [
      {
        positionId: '0f8fad5b-d9cb-469f-a165-70867728950e',
        symbol: 'SOL-PERP',
        openedAtMs: 0,
        position: {
          side,
          size: size(10n ** 9n),
          entryValue: entryValue(10n ** 9n * 100n * 10n ** 8n),
          margin: usdc(50n),
          reserve: usdc(500n),
          fundingSum: fineValue(0n),
          borrowSum: fineValue(0n),
          seq: 1n,
          payoutOwed: quote(0n),
        },
      },
    ],
  }) as unknown as AccountView;

const healthAt = (side: 'long' | 'short', cents: bigint) => presentRiskHealth(viewOf(side), () => snapshotAt(cents), 0);

describe('the health of a trader', () => {
  it('says how far each position is from its liquidation, rounded against him', () => {
    const { positions, equity, maintenance_margin } = healthAt('long', 9_800n);
    // Equity 50 − 20 of a notional of 980; liquidated below (100 − 5) / 0.99.
    expect(positions[0]).toMatchObject({
      ...{ state: 'healthy', equity: usdc(30n), notional: usdc(980n), margin_ratio: 306, maintenance_ratio: 100 },
      ...{ maintenance_margin: 9_800_000n, liquidation_price: 9_595_959_596n, distance: 208 },
    });
    expect({ equity, maintenance_margin }).toEqual({ equity: usdc(30n), maintenance_margin: 9_800_000n });
  });

  it.each([
    ['long', 9_650n, 'healthy'],
    ['long', 9_640n, 'warning'],
    ['long', 9_596n, 'warning'],
    ['long', 9_595n, 'liquidatable'],
    ['short', 10_300n, 'healthy'],
    ['short', 10_350n, 'warning'],
    ['short', 10_400n, 'liquidatable'],
  ] as const)('calls a %s at %s cents %s', (side, cents, state) => {
    const [position] = healthAt(side, cents).positions;
    expect(position?.state).toBe(state);
    expect((position?.distance ?? 0) < 0).toBe(state === 'liquidatable');
  });

  it('leaves what needs a price out while there is none', () => {
    const { positions, equity, account } = presentRiskHealth(viewOf('long'), () => null, 0);
    expect(positions[0]).toMatchObject({ state: null, distance: null, margin_ratio: null, current_price: null });
    expect(equity).toBe(0n);
    expect(account.total_balance).toBe(usdc(57n));
  });
});
