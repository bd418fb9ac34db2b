/** The plain answers of the quantitative analyst: sentences over what its tools answered, and nothing that they did not. */
import { MARKETS } from '#shared/markets.ts';
import type { Horizon } from '../quant/contract.ts';
import { spanWords } from '../quant/reasoning.ts';
import { decimalText } from '../quant/units.ts';
import type { AskedMove } from './plain-move.ts';

/** Decimals on the wire are JSON numbers; those of our own answers have at most 15 digits. */
interface Health {
  readonly account: {
    readonly total_balance: number;
    readonly available_balance: number;
    readonly margin_used: number;
  };
  readonly positions: readonly {
    readonly symbol: string;
    readonly side: string;
    readonly size: number;
    readonly state: string | null;
    readonly margin_ratio: number | null;
    readonly distance: number | null;
    readonly liquidation_price: number | null;
    readonly equity: number | null;
  }[];
}

/** A number as text without an exponent. */
export const plainNumber = (value: number): string =>
  value.toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 8 });

const amount = (value: number, places = 2): string =>
  value.toLocaleString('en-US', { minimumFractionDigits: places, maximumFractionDigits: places }).replace('-', '−');
const percent = (share: number, places = 2): string => `${decimalText(share * 100, places)}%`;
const orUnknown = <T>(value: T | null, shown: (value: T) => string): string =>
  value === null ? 'unknown' : shown(value);

export const outlook = (assessment: { readonly reasoning: string; readonly enough_data: boolean }): string =>
  assessment.enough_data
    ? `${assessment.reasoning} This is a probability from past prices, not a promise: the track record says how often it was right.`
    : assessment.reasoning;

export const risk = ({ reasoning }: { readonly reasoning: string }): string => reasoning;

export function market(stats: {
  readonly symbol: string;
  readonly price: number | null;
  readonly high_24h: number | null;
  readonly low_24h: number | null;
  readonly volume_quote_24h: number;
  readonly funding_rate: number | null;
  readonly borrow_rate: number | null;
}): string {
  const usd = (value: number): string => `${amount(value)} USD`;
  const hourly = (value: number): string => `${decimalText(value * 100, 5)}% an hour`;
  return [
    `${stats.symbol} stands at ${orUnknown(stats.price, usd)}; in 24 hours its high was ${orUnknown(stats.high_24h, usd)} and its low ${orUnknown(stats.low_24h, usd)}.`,
    `${amount(stats.volume_quote_24h)} USDC were traded here in that time.`,
    `Funding is ${orUnknown(stats.funding_rate, hourly)} (positive: longs pay), borrow ${orUnknown(stats.borrow_rate, hourly)} for both sides.`,
  ].join(' ');
}

export function account({ account: balance, positions }: Health): string {
  const money = `Your account is worth ${amount(balance.total_balance)} USDC: ${amount(balance.available_balance)} free, ${amount(balance.margin_used)} in margins.`;
  if (positions.length === 0) return `${money} You hold no position.`;
  const each = positions.map((held) => {
    const state = held.state === null ? '' : `, ${held.state}`;
    const margin = orUnknown(held.margin_ratio, percent);
    const at =
      held.liquidation_price === null
        ? 'no price liquidates it'
        : `liquidated at ${amount(held.liquidation_price)} USD`;
    const distance = held.distance === null ? '' : `, ${percent(held.distance)} away`;
    return `${held.side} ${plainNumber(held.size)} in ${held.symbol}, equity ${orUnknown(held.equity, amount)} USDC, margin ratio ${margin}${state}; ${at}${distance}.`;
  });
  return `${money} You hold: ${each.join(' ')}`;
}

export function pool(state: {
  readonly share_price: number | null;
  readonly assets: number;
  readonly utilisation_bps: number;
  readonly redemption_fee_bps: number;
}): string {
  return [
    `A share of the pool is worth ${orUnknown(state.share_price, (value) => amount(value, 6))} USDC; the pool holds ${amount(state.assets)} USDC.`,
    `${percent(state.utilisation_bps / 10_000)} of what backs the markets is reserved for open positions.`,
    `Redeeming costs ${percent(state.redemption_fee_bps / 10_000)} of it, which stays with the pool. Shares lose what traders win and gain what they lose.`,
  ].join(' ');
}

/** What the position would be worth at another price. */
export const whatIf =
  (symbol: string, price: number, move: AskedMove) =>
  (at: {
    readonly equity: number;
    readonly unrealized_pnl: number;
    readonly margin_ratio: number;
    readonly liquidated: boolean;
  }): string => {
    const moved = 'percent' in move ? ` (${Math.abs(move.percent)}% ${move.percent < 0 ? 'lower' : 'higher'})` : '';
    const where = `At ${amount(price)} USD${moved}`;
    const worth = `${where} your position in ${symbol} would be worth ${amount(at.equity)} USDC with an unrealized PnL of ${amount(at.unrealized_pnl)} USDC, at a margin ratio of ${percent(at.margin_ratio)}.`;
    const end = at.liquidated ? 'It would be liquidated there, or before.' : 'It would not be liquidated.';
    return `${worth} ${end} Funding and borrow until then are not counted.`;
  };

export const noPrice = (symbol: string): string => `The price of ${symbol} is not known right now.`;

export const otherAccount =
  "I see your own account alone: nobody else's positions, orders or balance, whatever address you give me. Ask how your account stands.";

interface Result {
  readonly calls: number;
  readonly hit_rate: number | null;
  readonly brier_score: number | null;
  readonly return_after_fees: number | null;
}

const entriesTold = 6;

export function record(
  entries: readonly {
    readonly model: string;
    readonly symbol: string;
    readonly horizon: string;
    readonly scored: number;
    readonly independent: number;
    readonly result: Result;
    readonly last_move_continues: Result;
  }[],
): string {
  if (entries.length === 0)
    return 'No forecast has been scored yet: each is, when it has expired. Nothing can be said of how often they are right.';
  const lines = entries
    .slice(0, entriesTold)
    .map(({ model, symbol, horizon, scored, independent, result, last_move_continues: other }) => {
      const right = orUnknown(result.hit_rate, (value) => percent(value, 1));
      const rule = orUnknown(other.hit_rate, (value) => percent(value, 1));
      return `${symbol} over ${horizon} (${model}): ${scored} scored (${independent} independent), right ${right} of ${result.calls} calls; "last move continues" was right ${rule}.`;
    });
  return [...lines, 'The whole table is on the track record page.'].join(' ');
}

export function proposal({
  proposal: { order, preview },
}: {
  readonly proposal: {
    readonly order: {
      readonly side: string;
      readonly quantity: number;
      readonly symbol: string;
      /** Of a limit order. */
      readonly price?: number;
    };
    readonly preview: {
      readonly fill_price: number;
      readonly fee: number;
      readonly margin: number;
      readonly liquidation_price: number | null;
      readonly warnings: readonly { readonly message: string }[];
    };
  };
}): string {
  const at = preview.liquidation_price;
  const base = MARKETS.find(({ symbol }) => symbol === order.symbol)?.base ?? order.symbol;
  const isLimit = order.price !== undefined;
  const limit = isLimit ? ` at ${amount(order.price)} USD or better` : '';
  const filled = isLimit
    ? 'It waits until the price is there; its fill would cost'
    : `It would be filled at about ${amount(preview.fill_price)} USD for`;
  const margin =
    preview.margin === 0
      ? 'it would end your position'
      : `the position's margin would be ${amount(preview.margin)} USDC`;
  return [
    `Here is a ticket to ${order.side} ${plainNumber(order.quantity)} ${base}${limit}. Nothing is sent until you confirm it.`,
    `${filled} a fee of ${amount(preview.fee, 4)} USDC; ${margin}.`,
    ...(at === null ? [] : [`It would be liquidated at ${amount(at)} USD.`]),
    ...preview.warnings.map(({ message }) => message),
  ].join(' ');
}

/** Instead of a ticket that leaves out what was not understood. */
export const unclearOrder =
  'That is an order I do not understand to its last word, so I fill in nothing. I read "buy 2 SOL", "sell 0.5 ETH at 3x", "buy 2 SOL at 140" (a limit order) and "close my SOL position" (all of it). For stops, parts of a position or amounts in USDC use the ticket.';

export const nearestHorizon = (horizon: Horizon): string =>
  `I look 15 minutes, an hour, 4 hours or a day ahead; the nearest to what you ask is ${spanWords[horizon]}. `;

export const help = (symbols: readonly string[]): string =>
  [
    'I am the quantitative analyst: I answer from figures of this exchange, and without a language model I understand only some questions.',
    `Ask for the outlook of a market (${symbols.join(', ')}) over 15 minutes, an hour, 4 hours or a day; the risk of a position; your account; funding and prices; the pool; or my track record.`,
    '"Buy 2 SOL at 3x" or "close my SOL position" gives a ticket that you confirm yourself.',
    '"What if SOL falls 10%" tells what that would make of your position.',
    "I read English, know no news, and cannot place orders or see anybody else's account.",
  ].join(' ');
