/** The program's accounts as the mathematics of `#shared/perps` sees them: what the program does can be predicted from them. */
import { bps, entryValue, fineValue, indexValue, price, quote } from '#shared/money/units.ts';
import type { InsuranceState } from '#shared/perps/ledger.ts';
import type { TradeState } from '#shared/perps/position-open.ts';
import type {
  MarketConfig,
  MarketState,
  OracleConfig,
  OraclePrice,
  PositionState,
  SideTotals,
} from '#shared/perps/types.ts';
import { addresses } from './addresses.ts';
import type { AccountOf } from './client.ts';
import type { TestExchange, TestMarket, Trader } from './exchange.ts';

/** Seconds of the window in which top-ups are counted; the program's TOPUP_WINDOW_SECONDS. */
const topupWindowSeconds = 3_600n;

/** Where a price comes from has no part in the mathematics. */
const noOracle: OracleConfig = {
  receiverProgram: '',
  priceAccount: '',
  feedId: '',
  minSignatures: 0,
  maxStalenessSeconds: 60n,
  maxConfidenceBps: bps(10_000n),
  maxEmaDivergenceBps: bps(10_000n),
};

type Totals = Readonly<Record<keyof SideTotals, bigint>>;
const totalsOf = (totals: Totals): SideTotals => totals as SideTotals;

const configOf = (config: AccountOf<'market'>['config']): MarketConfig =>
  Object.fromEntries(Object.entries(config).map(([name, value]) => [name, BigInt(value)])) as unknown as MarketConfig;

/** A decoded Market. */
export function marketOf(market: AccountOf<'market'>): MarketState {
  return {
    status: 'active',
    oracle: noOracle,
    config: configOf(market.config),
    price: null,
    fundingIndex: indexValue(market.fundingIndex),
    borrowIndex: indexValue(market.borrowIndex),
    accruedAt: market.accruedAt,
    long: totalsOf(market.long),
    short: totalsOf(market.short),
    backing: quote(market.backing),
    insuranceAccrued: quote(market.insuranceAccrued),
    treasuryAccrued: quote(market.treasuryAccrued),
    insuranceDebt: quote(market.insuranceDebt),
    payoutsOwed: quote(market.payoutsOwed),
    badDebt: quote(market.badDebt),
    badDebtUncovered: quote(market.badDebtUncovered),
    feesCollected: quote(market.feesCollected),
  };
}

/** What of a position enters its equity, as accounts and events state it. */
export type HeldPosition = AccountOf<'position'>['state'];

/** A position's state out of an account or an event. */
export const heldOf = (state: HeldPosition): Omit<PositionState, 'seq' | 'payoutOwed'> => ({
  side: 'long' in state.side ? 'long' : 'short',
  size: state.size as PositionState['size'],
  entryValue: entryValue(state.entryValue),
  margin: quote(state.margin),
  reserve: quote(state.reserve),
  fundingSum: fineValue(state.fundingSum),
  borrowSum: fineValue(state.borrowSum),
});

/** A decoded Position. */
export const positionOf = ({ state, seq, payoutOwed }: AccountOf<'position'>): PositionState => ({
  ...heldOf(state),
  seq,
  payoutOwed: quote(payoutOwed),
});

/** What insurance could pay now. */
export const insuranceOf = ({ chain }: TestExchange): InsuranceState =>
  insuranceIn(chain.fetch('insurance', addresses.insurance), chain.now);

/** A decoded Insurance at a moment, unix seconds. */
export function insuranceIn(insurance: AccountOf<'insurance'>, now: bigint): InsuranceState {
  const { balance, topupCapPerHour, topupUsed, topupWindowStart } = insurance;
  const used = now - topupWindowStart < topupWindowSeconds ? topupUsed : 0n;
  return { balance: quote(balance), topupLeft: quote(topupCapPerHour > used ? topupCapPerHour - used : 0n) };
}

/** What a transition works on, as it stands; the market is not accrued. */
export function tradeStateOf(exchange: TestExchange, trader: Trader, market: TestMarket = exchange.market): TradeState {
  const { collateral, seq } = exchange.account(trader);
  return {
    market: marketOf(exchange.marketState(market)),
    position: positionOf(exchange.position(trader, market)),
    account: { collateral: quote(collateral), seq },
  };
}

/** A price of now, as the program accepts it. */
export const oracleAt = (exchange: TestExchange, at: bigint, conf = 0n): OraclePrice => ({
  price: price(at),
  conf: price(conf),
  ema: price(at),
  publishTime: exchange.chain.now,
});
