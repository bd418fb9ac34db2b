import { quote, price as toPrice, size, QUOTE_MAX } from '#shared/money/units.ts';
import { PerpError } from '#shared/perps/errors.ts';
import { isNearEma } from '#shared/perps/oracle.ts';
import { previewOrder } from '#shared/perps/preview.ts';
import type { TraderAccounts } from '../chain/chain.ts';
import type { ProgramErrorName } from '../chain/program-errors.ts';
import type { MarketSnapshot } from '../market/contract.ts';
import type { StoredOrder } from './order-machine.ts';
import { planExecution, type TradePlan } from './trade-plan.ts';

const foreseeable = ['OracleDivergent', 'SlippageExceeded'] as const;

/** What the program refuses for the price alone, as the exchange knows it beforehand. */
export type ForeseenRefusal = (typeof foreseeable)[number];

const nothingElse = { margin: quote(0n), unrealizedPnl: quote(0n) };
/** What the market's backing lacks is no matter of the price. */
const ampleInsurance = { balance: quote(QUOTE_MAX), topupLeft: quote(0n) };

export const isForeseeable = (name: ProgramErrorName | null): name is ForeseenRefusal =>
  foreseeable.some((known) => known === name);

/**
 * What the program would refuse at this price: such a transaction is paid for and changes nothing, so it is not sent. A price far from its
 * average lets nothing be opened and no margin be taken out. The fill with its impact is asked only of orders that can wait for another:
 * the others are left to the program.
 */
export function foreseenRefusal(
  order: StoredOrder,
  trader: TraderAccounts,
  snapshot: MarketSnapshot,
  nowMs: number,
): ForeseenRefusal | null {
  const { market, price } = snapshot;
  if (market === null || price === null || order.intent === 'add_margin') return null;
  const isDivergent = !isNearEma(price, market.oracle);
  if (order.intent === 'remove_margin') return isDivergent ? 'OracleDivergent' : null;
  const position = [...trader.positions].find(([symbol]) => symbol === order.symbol)?.[1] ?? null;
  const plan = planExecution(order, position, snapshot);
  if (!plan.ok) return null;
  if (isDivergent && plan.value.kind === 'trade' && plan.value.opens > 0n) return 'OracleDivergent';
  return slips(order, plan.value, trader, snapshot, nowMs) ? 'SlippageExceeded' : null;
}

/** Whether the fill with its impact is beyond the order's bound. */
function slips(
  order: StoredOrder,
  plan: TradePlan,
  { account, positions }: TraderAccounts,
  { market, price }: MarketSnapshot,
  nowMs: number,
): boolean {
  const canWait = order.price !== null || order.exitKind !== null;
  if (!canWait || order.worstPrice === null || market === null || price === null) return false;
  try {
    const { refusal } = previewOrder({
      market,
      oracle: price,
      now: BigInt(Math.floor(nowMs / 1_000)),
      position: [...positions].find(([symbol]) => symbol === order.symbol)?.[1] ?? null,
      account,
      others: nothingElse,
      insurance: ampleInsurance,
      order: {
        side: order.side,
        size: size(plan.size),
        leverageE2: BigInt(order.leverageE2),
        worstPrice: toPrice(order.worstPrice),
        reduceOnly: plan.kind === 'close',
      },
    });
    return refusal === 'SlippageExceeded';
  } catch (error) {
    if (error instanceof PerpError) return false;
    throw error;
  }
}
