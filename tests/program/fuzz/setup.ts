/** The actions every sequence starts with: an exchange with three markets, liquidity, and people with collateral. */
import type { Action } from './action.ts';
import { Random } from './random.ts';
import { peopleCount, traderCount } from './world.ts';

const usdc = 1_000_000n;
/** Of the recorded day's opening prices, 1e-8 USD. */
export const openingPrices = [15_770_000_000n, 272_799_000_000n, 10_685_600_000_000n, 15_770_000_000n] as const;
/** Markets of the beginning; one more may come later. */
export const initialMarkets = 3;
/** Seconds from a pool request to the first price that executes it. */
export const poolDelay = 60n;

const freshPrice = (market: number): Action => {
  const price = openingPrices[market] ?? 1n;
  return { do: 'price', market, price, conf: price / 5_000n, ema: price };
};

/** Settles every market at a fresh price. */
const settled = (markets: readonly number[]): Action[] => [
  ...markets.map(freshPrice),
  ...markets.map((market): Action => ({ do: 'settleMarket', market })),
];

export function setupActions(seed: number): Action[] {
  const random = new Random(seed ^ 0x5e7);
  const markets = Array.from({ length: initialMarkets }, (_, i) => i);
  const people = Array.from({ length: peopleCount }, (_, i) => i);
  const liquidity = random.pick([300_000n, 3_000_000n, 20_000_000n]) * usdc;
  const actions: Action[] = [
    { do: 'initializeExchange' },
    ...markets.map((market): Action => ({ do: 'createMarket', market })),
  ];
  for (const who of people.slice(0, traderCount)) {
    actions.push({ do: 'openUserAccount', who });
    if (who % 4 !== 3) actions.push({ do: 'setDelegate', who, seconds: 10_000_000n });
    actions.push({ do: 'depositCollateral', who, amount: random.pick([200n, 5_000n, 50_000n, 400_000n]) * usdc });
    for (const market of markets) actions.push({ do: 'createPosition', who, market });
  }
  const [first = 0] = people.slice(traderCount);
  actions.push({ do: 'requestMint', who: first, amount: liquidity }, { do: 'clock', seconds: poolDelay });
  actions.push(...settled(markets), { do: 'executePoolRequest', who: first }, ...settled(markets));
  return actions;
}
