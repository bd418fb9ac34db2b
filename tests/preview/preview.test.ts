/** Previews against the compiled program: what an order is told to come to is what it comes to, to the last unit, or the same refusal. */
import { expect, test } from 'vitest';
import { PerpError } from '#shared/perps/errors.ts';
import { Random } from '../parity/random.ts';
import { type Followed, PreviewWorld, chargedBy, toldPosition } from './preview-world.ts';

/** 4,000 orders altogether. */
const worlds = 25;
const ordersPerWorld = 160;
const timeoutMs = 600_000;

/** Refusals every run must meet, so that their order among the others is tested too. */
const refusalsMet = [
  'ZeroAmount',
  'LeverageOutOfBounds',
  'MarketReduceOnly',
  'MarketHalted',
  'OracleStale',
  'OracleUncertain',
  'OracleDivergent',
  'SlippageExceeded',
  'SkewTooWide',
  'Capped',
  'MarginTooLow',
  'OnlyInFull',
  'BelowMinNotional',
  'UtilisationExceeded',
  'InsufficientCollateral',
] as const;

function compare({ order, preview, sent, position, account }: Followed, where: string): string {
  const context = `${where} ${JSON.stringify(order, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))}`;
  if (preview instanceof PerpError) {
    expect(sent.error, context).toBe(preview.code);
    return preview.code;
  }
  expect(sent.error, context).toBe(preview.refusal);
  if (preview.refusal !== null) return preview.refusal;
  const { fee, impact, realizedPnl, funding, borrow, marginAdded, marginReleased, fillPrice } = preview;
  const told = { fee, impact, realizedPnl, funding, borrow, marginAdded, marginReleased, fillPrice };
  expect(told, context).toEqual(chargedBy(sent));
  expect(toldPosition(preview.positionAfter), context).toEqual(toldPosition(position));
  expect(preview.accountAfter.availableBalance, context).toBe(account.collateral);
  expect(preview.closes + preview.opens, context).toBe(order.size);
  return preview.intent;
}

test(
  'what a preview tells is what the program does, to the last unit, or the refusal that the program names first',
  { timeout: timeoutMs },
  async () => {
    const met = new Map<string, number>();
    for (let seed = 1; seed <= worlds; seed += 1) {
      const world = await PreviewWorld.create(new Random(seed));
      for (let i = 0; i < ordersPerWorld; i += 1) {
        const outcome = compare(await world.step(), `world ${seed}, order ${i}`);
        met.set(outcome, (met.get(outcome) ?? 0) + 1);
      }
    }
    for (const intent of ['open', 'increase', 'reduce', 'close', 'flip']) {
      expect(met.get(intent) ?? 0, intent).toBeGreaterThan(50);
    }
    for (const refusal of refusalsMet) expect(met.get(refusal) ?? 0, refusal).toBeGreaterThan(0);
    console.log([...met].map(([outcome, count]) => `${outcome} ${count}`).join(', '));
  },
);
