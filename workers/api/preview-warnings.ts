import { BPS_SCALE, ENTRY_VALUE_PER_QUOTE, PRICE_DECIMALS, QUOTE_DECIMALS } from '#shared/money/units.ts';
import { displayDecimal } from '#shared/money/format.ts';
import type { Preview } from '#shared/perps/preview.ts';
import type { Refusal } from '#shared/protocol/error-codes.ts';
import type { PlaceOrderRequest, PreviewDto } from '#shared/protocol/orders.ts';
import { closingRefusal, openingRefusal } from '#shared/protocol/restrictions.ts';
import type { OrderTerms } from '../account/contract.ts';
import { explainRefusal } from '../account/refusal-words.ts';
import type { ProgramErrorName } from '../chain/program-errors.ts';
import type { MarketSnapshot } from '../market/contract.ts';

/** What is asked about an order beside the program's own decision. */
export interface Warned {
  readonly preview: Preview;
  readonly order: Pick<PlaceOrderRequest, 'side' | 'stop_loss'>;
  /** Why its exits would be refused; null when they would not. */
  readonly exits: Refusal | null;
  /** Why it would find no room among the open orders; null when it would. */
  readonly room: Refusal | null;
  /** Why the program would refuse it; null when it would not. */
  readonly refusal: ProgramErrorName | null;
  /** The market's, 1e-6 USD. */
  readonly minPositionNotional: bigint;
  readonly hasAccount: boolean;
  readonly terms: OrderTerms;
  readonly snapshot: Pick<MarketSnapshot, 'priceState' | 'controls'>;
  readonly nowMs: number;
}

type Warning = PreviewDto['warnings'][number];

/** Why the order would be refused now, most serious first. */
export function warningsOf(warned: Warned): Warning[] {
  const { hasAccount, refusal, snapshot, preview, terms } = warned;
  const warnings: Warning[] = [];
  if (!hasAccount)
    warnings.push({ code: 'TRADING_014', message: 'Open a trading account first: action open_account.' });
  const restriction =
    (preview.opens > 0n ? (openingRefusal(snapshot.controls) ?? terms.refusalOfOpening) : null) ??
    (preview.closes > 0n ? closingRefusal(snapshot.controls) : null);
  if (restriction !== null) warnings.push({ code: restriction.code, message: restriction.message });
  if (warned.room !== null) warnings.push({ code: warned.room.code, message: warned.room.message });
  if (refusal !== null) warnings.push(refusalWarning(refusal, warned));
  else if (snapshot.priceState === 'stale') {
    warnings.push({ code: 'ORACLE_001', message: 'The price is stale: the order waits for the next acceptable one.' });
  }
  if (warned.exits !== null) warnings.push({ code: warned.exits.code, message: warned.exits.message });
  if (hasAccount) warnings.push(...delegationWarnings(warned));
  warnings.push(...stopWarnings(warned));
  return warnings;
}

/** In the words that placing would refuse with. */
function refusalWarning(refusal: ProgramErrorName, { preview, minPositionNotional }: Warned): Warning {
  const { opens, closes, oraclePrice: price } = preview;
  const { code, message } = explainRefusal(refusal, {
    size: opens === 0n ? closes : opens,
    price,
    minPositionNotional,
  });
  return { code, message };
}

/** A stop-loss that the liquidation comes before protects nothing. Placing takes it: margin may be added until then. */
function stopWarnings({ preview, order: { side, stop_loss: stopLoss } }: Warned): Warning[] {
  const liquidation = preview.liquidationPrice;
  if (stopLoss === undefined || preview.opens === 0n || liquidation === null || liquidation === 0n) return [];
  const isBehind = side === 'buy' ? stopLoss <= liquidation : stopLoss >= liquidation;
  if (!isBehind) return [];
  const price = displayDecimal(liquidation, PRICE_DECIMALS, { places: 2 });
  const message = `stop_loss lies behind the liquidation price of ${price} USD: the position would be liquidated before it.`;
  return [{ code: 'RISK_002', message }];
}

/** What the trader lets keepers do. What of the cap earlier orders used up is known to the program alone. */
function delegationWarnings({ preview, order: { side }, terms: { delegate }, nowMs }: Warned): Warning[] {
  if (delegate?.enabled !== true || delegate.expiresAt * 1_000n <= BigInt(nowMs)) {
    return [delegation('Orders need your delegation to the exchange. Build and sign the action set_delegate.')];
  }
  const { turnoverCap, maxSlippageBps } = delegate;
  const warnings: Warning[] = [];
  const opened = (preview.opens * preview.fillPrice) / ENTRY_VALUE_PER_QUOTE;
  if (opened > turnoverCap) {
    const usdc = (amount: bigint): string => displayDecimal(amount, QUOTE_DECIMALS, { places: 2 });
    warnings.push(
      delegation(
        `The order opens ${usdc(opened)} USDC; your delegation allows ${usdc(turnoverCap)} USDC in 24 hours. Sign a larger one, or order less.`,
      ),
    );
  }
  if (exceedsSlippage(preview, side, BigInt(maxSlippageBps))) {
    warnings.push(
      delegation(`It would execute further from the oracle price than your delegation allows (${maxSlippageBps} bps).`),
    );
  }
  return warnings;
}

/** The program's own rule (`check_delegate_slippage`): the fill with its impact against the oracle price, in values of 1e-16 USD. */
function exceedsSlippage(
  { closes, opens, fillPrice, oraclePrice, impact }: Preview,
  side: 'buy' | 'sell',
  allowedBps: bigint,
): boolean {
  const size = closes + opens;
  const allowed = allowedBps < BPS_SCALE ? allowedBps : BPS_SCALE;
  const traded = size * fillPrice * BPS_SCALE;
  const charge = impact * ENTRY_VALUE_PER_QUOTE * BPS_SCALE;
  const notional = size * oraclePrice;
  return side === 'buy'
    ? traded + charge > notional * (BPS_SCALE + allowed)
    : traded < notional * (BPS_SCALE - allowed) + charge;
}

const delegation = (message: string): Warning => ({ code: 'TRADING_015', message });
