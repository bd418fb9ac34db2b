import { MARKET_SYMBOLS, type MarketSymbol } from '#shared/markets.ts';
import { divFloor } from '#shared/money/divide.ts';
import { ENTRY_VALUE_PER_QUOTE, quote, type Quote } from '#shared/money/units.ts';
import type { FillDto, FundingPaymentDto, LiquidationDto } from '#shared/protocol/fills.ts';

/** A list as far as it was read, newest first. */
export interface ReadList<Row> {
  readonly rows: readonly Row[];
  /** False where older rows were left out. */
  readonly complete: boolean;
}

export interface TradeRecord {
  readonly fills: ReadList<FillDto>;
  readonly liquidations: ReadList<LiquidationDto>;
  readonly funding: ReadList<FundingPaymentDto>;
}

/** What trading in one market, or in all, came to. Costs are what was paid; funding is negative where it was received. */
export interface MarketSum {
  readonly trades: number;
  /** Quantity × price of all fills and liquidations, rounded down. */
  readonly volume: Quote;
  /** Price differences of what was closed, alone. */
  readonly realized: Quote;
  /** Trading and liquidation fees. */
  readonly fees: Quote;
  readonly impact: Quote;
  readonly funding: Quote;
  readonly borrow: Quote;
  /** Losses beyond the margin, which others bore. */
  readonly covered: Quote;
  /** realized − fees − impact − funding − borrow + covered. */
  readonly net: Quote;
}

export interface Breakdown {
  /** Markets that were traded, in the order of the exchange. */
  readonly markets: readonly { readonly symbol: MarketSymbol; readonly sum: MarketSum }[];
  readonly total: MarketSum;
  /** Everything since then is counted; null: everything there is. */
  readonly since: string | null;
}

type Dated = { readonly created_at: string };

/** Lists that were not read to their end count from the youngest of their ends, so that all of them tell of the same time. */
function commonStart(lists: readonly ReadList<Dated>[]): string | null {
  const starts = lists.flatMap(({ rows, complete }) => (complete ? [] : [rows.at(-1)?.created_at ?? '']));
  return starts.length === 0 ? null : (starts.sort().at(-1) ?? null);
}

const sumOf = <Row>(rows: readonly Row[], of: (row: Row) => bigint): bigint =>
  rows.reduce((sum, row) => sum + of(row), 0n);

function sumUp(
  fills: readonly FillDto[],
  ended: readonly LiquidationDto[],
  paid: readonly FundingPaymentDto[],
): MarketSum {
  const traded = ({ quantity, price }: FillDto | LiquidationDto): bigint => quantity * price;
  const realized = sumOf(fills, (row) => row.realized_pnl) + sumOf(ended, (row) => row.realized_pnl);
  const fees = sumOf(fills, (row) => row.fee) + sumOf(ended, (row) => row.liquidation_fee);
  const impact = sumOf(fills, (row) => row.impact);
  // Every payment is in this list, those that a trade realised too.
  const funding = sumOf(paid, (row) => row.funding);
  const borrow = sumOf(paid, (row) => row.borrow);
  const covered = sumOf(ended, (row) => row.bad_debt);
  return {
    trades: fills.length + ended.length,
    volume: quote(divFloor(sumOf(fills, traded) + sumOf(ended, traded), ENTRY_VALUE_PER_QUOTE)),
    realized: quote(realized),
    fees: quote(fees),
    impact: quote(impact),
    funding: quote(funding),
    borrow: quote(borrow),
    covered: quote(covered),
    net: quote(realized - fees - impact - funding - borrow + covered),
  };
}

/** What each market brought and cost, from the executions themselves. */
export function breakDown({ fills, liquidations, funding }: TradeRecord): Breakdown {
  const since = commonStart([fills, liquidations, funding]);
  const counted = <Row extends Dated>(rows: readonly Row[]): readonly Row[] =>
    since === null ? rows : rows.filter(({ created_at }) => created_at >= since);
  const all = { fills: counted(fills.rows), ended: counted(liquidations.rows), paid: counted(funding.rows) };
  const markets = MARKET_SYMBOLS.flatMap((symbol) => {
    const of = <Row extends { readonly symbol: string }>(rows: readonly Row[]) =>
      rows.filter((row) => row.symbol === symbol);
    const [bought, ended, paid] = [of(all.fills), of(all.ended), of(all.paid)];
    if (bought.length + ended.length + paid.length === 0) return [];
    return [{ symbol, sum: sumUp(bought, ended, paid) }];
  });
  return { markets, total: sumUp(all.fills, all.ended, all.paid), since };
}
