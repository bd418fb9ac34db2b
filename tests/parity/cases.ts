/** Random cases: formulas over their whole ranges, transitions from the lives of small exchanges. */
import { U64_MAX, quote } from '#shared/money/units.ts';
import type { ParityCase } from './functions.ts';
import { Random } from './random.ts';
import { type JsonRecord, child, writeConfig, writeMarket } from './records.ts';
import { World, emptyMarket, randomConfig } from './world.ts';

type Inputs = (random: Random) => Readonly<Record<string, bigint | boolean | string | JsonRecord>>;

const indexMax = 10n ** 24n;
const quoteMax = 10n ** 18n;
const entryMax = 10n ** 27n;
const priceOf = (random: Random): bigint => random.magnitude(1n, 10n ** 14n);
const sizeOf = (random: Random): bigint => random.magnitude(1n, 10n ** 15n);
const bpsOf = (random: Random): bigint => random.big(0n, 10_000n);
const sideOf = (random: Random): string => random.pick(['long', 'short']);
const tradeOf = (random: Random): string => random.pick(['buy', 'sell']);
const anyPrice = (random: Random): bigint => random.magnitude(0n, U64_MAX);

/** A position near a price: entry, sums and margin of the same orders as its notional. */
function position(random: Random, price: bigint): JsonRecord {
  const size = sizeOf(random);
  const entry = size * random.big(price / 2n, price * 2n);
  const sum = size * random.signed(indexMax);
  const record = {
    side: sideOf(random),
    size,
    entry_value: entry,
    margin: random.magnitude(0n, entry / 10n ** 10n + 1n),
    reserve: random.magnitude(0n, entry / 10n ** 10n + 1n),
    funding_sum: sum,
    borrow_sum: sum < 0n ? -sum : sum,
  };
  return toText(record);
}

const valued = (random: Random, price: bigint) => {
  const size = sizeOf(random);
  return { side: sideOf(random), size, entry_value: size * random.big(price / 2n, price * 2n) };
};

function onPosition(random: Random) {
  const price = random.magnitude(10n ** 4n, 10n ** 13n);
  const indexes = { funding_index: random.signed(indexMax), borrow_index: random.magnitude(0n, indexMax) };
  return { position: position(random, price), ...indexes, price };
}

const FORMULAS: Readonly<Record<string, Inputs>> = {
  pay_owed: onPayout,
  notional: (random) => ({ size: random.magnitude(0n, 10n ** 14n), price: random.magnitude(0n, 10n ** 14n) }),
  spread: (random) => ({ conf: anyPrice(random), k_bps: random.big(0n, 20_000n) }),
  fill_price: (random) => ({
    side: tradeOf(random),
    price: anyPrice(random),
    conf: priceOf(random),
    k_bps: bpsOf(random),
  }),
  check_worst_price: (random) => {
    const [size, fill] = [sizeOf(random), random.big(10n ** 6n, 10n ** 12n)];
    const worst = fill + random.signed(1_000n);
    const edge = (size * (worst > fill ? worst - fill : fill - worst)) / 10n ** 10n;
    return { side: tradeOf(random), size, fill_price: fill, impact: edge + random.big(0n, 1n), worst_price: worst };
  },
  impact: (random) => ({
    price: priceOf(random),
    skew: random.signed(10n ** 15n),
    delta: random.signed(10n ** 15n),
    skew_scale: random.magnitude(0n, 10n ** 16n),
    max_skew_bps: bpsOf(random),
    reducing: random.chance(0.5),
  }),
  check_skew: (random) => {
    const [skew, scale] = [random.signed(10n ** 15n), random.magnitude(0n, 10n ** 16n)];
    return { skew, delta: random.signed(10n ** 15n), skew_scale: scale, max_skew_bps: bpsOf(random) };
  },
  trading_fee: (random) => ({ size: sizeOf(random), fill_price: priceOf(random), fee_bps: random.big(0n, 100n) }),
  split_fee: (random) => {
    const pool = bpsOf(random);
    const insurance = random.big(0n, 10_000n - pool);
    return { fee: random.magnitude(0n, quoteMax), pool_fee_share_bps: pool, insurance_fee_share_bps: insurance };
  },
  position_value: (random) => {
    const price = priceOf(random);
    return { ...valued(random, price), price };
  },
  unrealized_pnl: (random) => {
    const price = priceOf(random);
    return { ...valued(random, price), reserve: random.magnitude(0n, 10n ** 15n), price };
  },
  is_capped: (random) => {
    const price = priceOf(random);
    return { ...valued(random, price), reserve: random.magnitude(0n, 10n ** 15n), price };
  },
  position_reserve: (random) => ({
    entry_value: random.magnitude(0n, entryMax),
    payoff_cap_bps: random.big(1n, 10_000n),
  }),
  check_reserve: (random) => {
    const backing = random.signed(quoteMax);
    const utilisation = random.big(1n, 8_000n);
    const edge = (backing * utilisation) / 10_000n;
    const reserved = random.chance(0.5) && edge > 0n ? edge + random.big(0n, 1n) : random.magnitude(0n, quoteMax);
    return { reserved, backing, max_utilisation_bps: utilisation };
  },
  funding_rate: (random) => ({
    skew: random.signed(10n ** 16n),
    funding_skew_scale: random.magnitude(0n, 10n ** 16n),
    max_funding_rate: random.magnitude(0n, 10n ** 9n),
  }),
  funding_index_delta: (random) => ({
    rate: random.signed(10n ** 9n),
    price: priceOf(random),
    dt: random.big(0n, 86_400n),
  }),
  borrow_rate: (random) => ({
    borrow_base: random.magnitude(0n, 10n ** 9n),
    borrow_slope: random.magnitude(0n, 10n ** 9n),
    reserved: random.magnitude(0n, quoteMax),
    backing: random.signed(quoteMax),
  }),
  borrow_index_delta: (random) => ({
    rate: random.magnitude(0n, 10n ** 9n),
    price: priceOf(random),
    dt: random.big(0n, 86_400n),
  }),
  equity_q: onPosition,
  equity_q_capped: onPosition,
  equity: onPosition,
  is_liquidatable: (random) => ({ ...onPosition(random), maintenance_margin_bps: random.big(1n, 5_000n) }),
  initial_margin: (random) => ({
    size: sizeOf(random),
    price: random.magnitude(1n, 10n ** 12n),
    max_leverage: random.big(1n, 100n),
  }),
  opening_margin: (random) => {
    const price = random.magnitude(10n ** 4n, 10n ** 12n);
    const fill = price + random.big(-price / 10n, price / 10n);
    const reserve = random.magnitude(0n, 10n ** 15n);
    return {
      side: sideOf(random),
      size: sizeOf(random),
      price,
      fill_price: fill,
      reserve,
      leverage_e2: random.big(1n, 10_000n),
    };
  },
  liquidation_amount: (random) => ({ ...onPosition(random), config: writeConfig(randomConfig(random, 'complete')) }),
  liquidation_fee: (random) => ({
    size: sizeOf(random),
    price: priceOf(random),
    liquidation_fee_bps: random.big(0n, 5_000n),
    available: random.magnitude(0n, quoteMax),
  }),
  share: (random) => {
    const size = random.magnitude(1n, U64_MAX);
    return { total: random.signed(10n ** 37n), part: random.big(1n, size), size, round: random.pick(['up', 'down']) };
  },
  pool_equity: (random) => {
    const { market, price } = onBothSides(random);
    const oracle = { price, conf: random.magnitude(0n, price / 10n), ema: price, publish_time: 1_000n };
    const operation = random.pick(['mint', 'redeem']);
    return { operation, free: random.magnitude(0n, quoteMax), market, oracle: toText(oracle) };
  },
  first_mint_shares: (random) => ({ deposit: random.magnitude(1n, 10n ** 9n) }),
  mint_shares: (random) => ({
    deposit: random.magnitude(0n, quoteMax),
    supply: random.magnitude(1n, quoteMax),
    pool_equity: random.signed(quoteMax),
  }),
  redeem_payout: (random) => {
    const supply = random.magnitude(1n, quoteMax);
    return {
      shares: random.big(0n, supply),
      supply,
      pool_equity: random.signed(quoteMax),
      lp_fee_bps: random.big(0n, 1_000n),
    };
  },
};

/** A market that may owe more than it has, and insurance or none. */
function onPayout(random: Random) {
  const market = emptyMarket(randomConfig(random, 'complete'), random.signed(quoteMax));
  const reserve = String(random.magnitude(0n, quoteMax));
  const owed = random.magnitude(0n, quoteMax);
  const insurance = toText({ balance: random.magnitude(0n, quoteMax), topup_left: random.magnitude(0n, quoteMax) });
  const record = writeMarket({ ...market, payoutsOwed: quote(owed + random.magnitude(0n, quoteMax)) });
  return {
    market: { ...record, long: { ...child(record, 'long'), reserve } },
    collateral: random.magnitude(0n, quoteMax),
    payout_owed: owed,
    ...(random.chance(0.5) ? { insurance } : {}),
  };
}

/** A market with traders on both sides, that may owe more than it has. */
function onBothSides(random: Random) {
  const { position: long, price, ...indexes } = onPosition(random);
  const short = position(random, price);
  const market = writeMarket(emptyMarket(randomConfig(random, 'complete'), random.signed(quoteMax)));
  const owed = { insurance_debt: random.magnitude(0n, quoteMax), payouts_owed: random.magnitude(0n, quoteMax) };
  return { market: { ...market, ...toText({ ...indexes, ...owed }), long, short }, price };
}

function toText(record: Readonly<Record<string, bigint | boolean | string | JsonRecord>>): JsonRecord {
  const entries = Object.entries(record).map(([name, value]) => [
    name,
    typeof value === 'bigint' ? String(value) : value,
  ]);
  return Object.fromEntries(entries) as JsonRecord;
}

/** `count` cases, formulas and transitions half each; the same seed gives the same cases. */
export function randomCases(count: number, seed: number): ParityCase[] {
  const random = new Random(seed);
  const formulas = Object.entries(FORMULAS);
  const cases: ParityCase[] = Array.from({ length: Math.floor(count / 2) }, (_, i) => {
    const [fn, inputs] = formulas[i % formulas.length] ?? ['', () => ({})];
    return { fn, input: toText(inputs(random)) };
  });
  let world = new World(random, 'complete');
  while (cases.length < count) {
    if (cases.length % 150 === 0) world = new World(random, random.pick(['plain', 'complete']));
    cases.push(random.chance(0.3) ? world.tick() : world.step().item);
  }
  return cases;
}
