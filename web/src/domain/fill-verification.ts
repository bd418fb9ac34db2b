import { PerpError } from '#shared/perps/errors.ts';
import {
  recomputeOpening,
  recomputeReduction,
  type FillDecision,
  type OpeningEvidence,
  type ReductionEvidence,
} from '#shared/perps/trade-receipt.ts';
import type { MarketState } from '#shared/perps/types.ts';
import type { FillDto, ReceiptDto } from '#shared/protocol/fills.ts';
import type { MarketDto } from '#shared/protocol/market.ts';
import { readEventPosition } from '#shared/trade-evidence.ts';

import { tableTexts } from '../i18n/tables.ts';
import { fieldsOf, figure, fillEventOf, isOpening, type EventFields, type FillEvent } from './fill-event.ts';
import { marketStateOf } from './ticket/market-state.ts';
import { compared, exact, positionChecks, told, type FigureCheck, type Verification } from './verification.ts';

const t = tableTexts.verify;

/**
 * A fill computed again in this page, from what the program stated about it and the market's parameters, with the mathematics the program
 * uses. Undefined while receipt or parameters are not there, or for evidence that cannot be read.
 */
export function verifyFill(
  fill: FillDto,
  receipt: ReceiptDto | undefined,
  market: MarketDto | undefined,
): Verification | undefined {
  if (receipt === undefined || market === undefined) return undefined;
  try {
    const event = fillEventOf(fill, receipt);
    if (event === undefined) return undefined;
    const state = marketStateOf({ market, stats: undefined }, event.evidence.oracle.price, null);
    if (state === null) return undefined;
    return { checks: [...origin(event), ...figures(fill, event, state)], signature: receipt.signature };
  } catch {
    // Evidence of another version of the program: said to be unreadable, not to be wrong.
    return undefined;
  }
}

/** What it was computed from: Pyth's price, and the second the order waited for. */
function origin({ data, evidence }: FillEvent): FigureCheck[] {
  const { oracle } = evidence;
  const previous = figure(fieldsOf(data, 'oracle'), 'prevPublishTime');
  const waited = 'reason' in evidence && evidence.reason !== 'order' ? null : figure(data, 'minPublishTime');
  const isFirst = waited !== null && previous < waited && waited <= oracle.publishTime;
  const first: FigureCheck[] =
    waited === null
      ? []
      : [
          told('eligibleFrom', exact.second(waited)),
          isFirst ? told('firstEligible', t.yes) : told('firstEligible', t.laterPrice, t.laterPriceText),
        ];
  return [
    told('oraclePrice', exact.usd(oracle.price)),
    told('confidence', exact.usd(oracle.conf)),
    told('publishTime', exact.second(oracle.publishTime)),
    told('previousPublishTime', exact.second(previous)),
    ...first,
  ];
}

function figures(fill: FillDto, event: FillEvent, market: MarketState): FigureCheck[] {
  const { evidence } = event;
  try {
    return isOpening(evidence)
      ? opening(fill, event.data, evidence, market)
      : reduction(fill, event.data, evidence, market);
  } catch (error) {
    if (!(error instanceof PerpError)) throw error;
    return [{ name: 'execution', stated: t.executed, recomputed: t.refused(error.code) }];
  }
}

function opening(fill: FillDto, data: EventFields, evidence: OpeningEvidence, market: MarketState): FigureCheck[] {
  const decision = recomputeOpening(market, evidence);
  return [
    ...shared(fill, data, evidence, decision),
    compared('marginAdded', figure(data, 'marginAdded'), decision.marginAdded, exact.usdc),
    ...after(data, decision),
  ];
}

function reduction(fill: FillDto, data: EventFields, evidence: ReductionEvidence, market: MarketState): FigureCheck[] {
  const decision = recomputeReduction(market, evidence);
  return [
    ...shared(fill, data, evidence, decision),
    compared('entryValue', figure(data, 'entryValue'), decision.entryValue, exact.entry),
    compared('realizedPnl', fill.realized_pnl, decision.realizedPnl, exact.usdc),
    compared('funding', fill.funding, decision.funding, exact.usdc),
    compared('borrow', fill.borrow, decision.borrow, exact.usdc),
    compared('marginReleased', figure(data, 'marginReleased'), decision.marginReleased, exact.usdc),
    compared('badDebt', figure(data, 'badDebt'), decision.badDebt, exact.usdc),
    ...after(data, decision),
  ];
}

function shared(
  fill: FillDto,
  data: EventFields,
  evidence: FillEvent['evidence'],
  decision: FillDecision,
): FigureCheck[] {
  const split = fieldsOf(data, 'feeSplit');
  const parts = figure(split, 'pool') + figure(split, 'insurance') + figure(split, 'treasury');
  return [
    compared<bigint>('size', fill.quantity, evidence.size, exact.size),
    compared<bigint>('fillPrice', fill.price, decision.fillPrice, exact.usd),
    compared<bigint>('impact', fill.impact, decision.impact, exact.usdc),
    compared<bigint>('fee', fill.fee, decision.fee, exact.usdc),
    compared<bigint>('feeParts', parts, decision.fee, exact.usdc),
  ];
}

const after = (data: EventFields, decision: FillDecision): FigureCheck[] =>
  positionChecks(readEventPosition(data.after), decision.after);
