import { bps, price, quote, type Price } from '#shared/money/units.ts';
import { liquidate } from '#shared/perps/position-liquidate.ts';
import { EMPTY_TOTALS } from '#shared/perps/side.ts';
import type { MarketConfig, MarketState } from '#shared/perps/types.ts';
import type { MarketDto } from '#shared/protocol/market.ts';
import type { PositionDto } from '#shared/protocol/positions.ts';
import { describe, expect, test } from 'vitest';

import { marketWith, positionWith, usd, usdc } from '../testing.ts';
import { holdPosition, indexes, type Held } from './held.ts';
import { crossings, ladder, ladderMoves, moveAccount, movedPrice } from './what-if.ts';

const held = (changed: Partial<PositionDto> = {}, mark: Price | undefined = usd('150'), market = marketWith()): Held =>
  holdPosition({ ...positionWith(), ...changed }, market, mark) ?? expect.fail('no parameters');
const free = usdc('4250');
const all = (moveBps: number) => ({ scope: 'all', moveBps }) as const;
const inParts: Partial<NonNullable<MarketDto['parameters']>> = {
  min_liquidation_bps: 2_500,
  liquidation_target_bps: 12_500,
};

/** The program's own transition on a market that holds nothing but this position. */
function liquidatedByTheProgram({ state, config }: Held, at: Price) {
  const none = { keeperShareBps: bps(0n), keeperRewardMin: quote(0n) };
  const market = {
    config: { ...config, ...none } as MarketConfig,
    ...indexes,
    long: { ...EMPTY_TOTALS, ...(state.side === 'long' ? state : {}) },
    short: { ...EMPTY_TOTALS, ...(state.side === 'short' ? state : {}) },
    backing: quote(10n ** 15n),
    ...{ insuranceAccrued: quote(0n), treasuryAccrued: quote(0n), insuranceDebt: quote(0n), payoutsOwed: quote(0n) },
    ...{ badDebt: quote(0n), badDebtUncovered: quote(0n), feesCollected: quote(0n), accruedAt: 0n, price: null },
  } as unknown as MarketState;
  const oracle = { price: at, conf: price(0n), ema: at, publishTime: 0n };
  const insurance = { balance: quote(10n ** 12n), topupLeft: quote(0n) };
  return liquidate({ market, position: state, account: { collateral: free, seq: 0n } }, oracle, insurance, false);
}

describe('a move of prices', () => {
  test('that liquidates nothing moves the equity by the profit alone', () => {
    const after = moveAccount([held()], free, all(100));
    expect(after).toMatchObject({ equity: usdc('5150'), free, marginInUse: usdc('750'), liquidated: 0 });
  });

  test('of no size leaves the account as it is', () => {
    expect(moveAccount([held()], free, all(0))).toMatchObject({ equity: usdc('5000'), free, liquidated: 0 });
  });

  test('of another market leaves a position where it is', () => {
    const after = moveAccount([held()], free, { scope: 'BTC-PERP', moveBps: -5_000 });
    expect(after).toMatchObject({ equity: usdc('5000'), liquidated: 0 });
  });

  test('is rounded down and never reaches 0', () => {
    expect(movedPrice(usd('0.00000003'), -5_000)).toBe(1n);
    expect(movedPrice(usd('0.00000001'), -5_000)).toBe(1n);
  });

  test('is not computed while a position has no price', () => {
    expect(moveAccount([held({}, undefined), { ...held(), mark: null }], free, all(-100))).toBeNull();
    expect(ladder([{ ...held(), mark: null }], free, 'all')).toBeNull();
  });
});

describe('a liquidation that a move causes', () => {
  test.each([
    ['all of a long', held(), '143.9'],
    ['all of a long, margin and all', held(), '100'],
    ['all of a short', held({ side: 'short' }), '156.5'],
    ['a part of a long', held({}, usd('150'), marketWith(inParts)), '143.9'],
    ['a part of a short', held({ side: 'short' }, usd('150'), marketWith(inParts)), '156.1'],
    ['a long that owes', held({ funding_owed: usdc('31.5'), borrow_owed: usdc('2.25') }), '144'],
  ])('leaves what the program leaves: %s', (_name, position, at) => {
    const target = usd(at);
    const moved = moveAccount([{ ...position, mark: target }], free, all(0)) ?? expect.fail();
    const program = liquidatedByTheProgram(position, target);
    const [row] = moved.positions;
    expect(row?.liquidated).toBe(program.size);
    expect(row?.liquidationFee).toBe(program.liquidationFee);
    expect(row?.released).toBe(program.marginReleased);
    expect(row?.marginLeft).toBe(program.position.margin);
    expect(moved.free).toBe(program.account.collateral);
    expect(row?.outcome).toBe(program.position.size === 0n ? 'full' : 'part');
  });

  test('begins exactly where the program begins: one step below the price for a long', () => {
    const position = held();
    const [crossing] = crossings([position], 'all');
    expect(crossing?.moveBps).toBe(-404n);
    const { liquidationPrice } = moveAccount([position], free, all(0))?.positions[0]?.margin ?? expect.fail();
    const edge = liquidationPrice ?? expect.fail();
    expect(moveAccount([{ ...position, mark: edge }], free, all(0))?.liquidated).toBe(0);
    expect(moveAccount([{ ...position, mark: price(edge - 1n) }], free, all(0))?.liquidated).toBe(1);
  });
});

describe('crossings', () => {
  const long = held();
  const short = held({ symbol: 'ETH-PERP', side: 'short', margin_used: usdc('3000') });

  test('are the nearest first, each in its direction', () => {
    const found = crossings([short, long], 'all').map(({ held: { position }, moveBps }) => [position.symbol, moveBps]);
    expect(found).toEqual([
      ['SOL-PERP', -404n],
      ['ETH-PERP', 1_881n],
    ]);
    expect(crossings([long, short], 'ETH-PERP')).toHaveLength(1);
  });

  test('leave out what no price liquidates', () => {
    const safe = held({ margin_used: usdc('16000') });
    expect(crossings([safe], 'all')).toEqual([]);
  });

  test('are marked on the ladder at the first step beyond them, on either side', () => {
    const rows = ladder([long, short], free, 'all') ?? expect.fail();
    expect(rows.map(({ moveBps }) => moveBps)).toEqual([...ladderMoves]);
    expect(rows.filter(({ crosses }) => crosses).map(({ moveBps }) => moveBps)).toEqual([-500, 2_000]);
    expect(rows.find(({ moveBps }) => moveBps === -1_000)?.account.liquidated).toBe(1);
  });
});
