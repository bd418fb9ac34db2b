/** The plain answers of the quantitative analyst: sentences over what its tools answered, and nothing that they did not. */
import type { Horizon } from '../quant/contract.ts';
import { decimalText } from '../quant/units.ts';

const horizonWords: Readonly<Record<Horizon, string>> = {
  ...{ '15m': '15 minutes', '1h': 'an hour' },
  ...{ '4h': '4 hours', '1d': 'a day' },
};

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
  value.toLocaleString('en-US', { minimumFractionDigits: places, maximumFractionDigits: places });
const percent = (share: number, places = 2): string => `${decimalText(share * 100, places)}%`;
const orUnknown = <T>(value: T | null, shown: (value: T) => string): string =>
  value === null ? 'unknown' : shown(value);

export const outlook = ({ reasoning }: { readonly reasoning: string }): string =>
  `${reasoning} This is a probability from past prices, not a promise: the track record says how often it was right.`;

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
    return `${held.side} ${plainNumber(held.size)} in ${held.symbol}, worth ${orUnknown(held.equity, amount)} USDC, margin ratio ${margin}${state}; ${at}${distance}.`;
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
  const limit = order.price === undefined ? '' : ` at a limit of ${amount(order.price)} USD`;
  return [
    `Here is a ticket to ${order.side} ${plainNumber(order.quantity)} in ${order.symbol}${limit}. Nothing is sent until you confirm it.`,
    `It would be filled at about ${amount(preview.fill_price)} USD for a fee of ${amount(preview.fee, 4)} USDC; the position's margin would be ${amount(preview.margin)} USDC.`,
    ...(at === null ? [] : [`It would be liquidated at ${amount(at)} USD.`]),
    ...preview.warnings.map(({ message }) => message),
  ].join(' ');
}

/** Instead of a ticket that leaves out what was not understood. */
export const unclearOrder =
  'That is an order I do not understand to its last word, so I fill in nothing. I read "buy 2 SOL", "sell 0.5 ETH at 3x", "buy 2 SOL at 140" (a limit order) and "close my SOL position" (all of it). For stops, parts of a position or amounts in USDC use the ticket.';

export const nearestHorizon = (horizon: Horizon): string =>
  `I look 15 minutes, an hour, 4 hours or a day ahead; the nearest to what you ask is ${horizonWords[horizon]}. `;

export const help = (symbols: readonly string[]): string =>
  [
    'I am the quantitative analyst: I answer from figures of this exchange, and without a language model I understand only some questions.',
    `Ask for the outlook of a market (${symbols.join(', ')}) over 15 minutes, an hour, 4 hours or a day; the risk of a position; your account; funding and prices; the pool; or my track record.`,
    '"Buy 2 SOL at 3x" or "close my SOL position" gives a ticket that you confirm yourself.',
    "I know no news, and I cannot place orders or see anybody else's account.",
  ].join(' ');
