import { price as toPrice } from '#shared/money/units.ts';
import { PerpError } from '#shared/perps/errors.ts';
import { closingTrade, openingTrade } from '#shared/perps/side.ts';
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
import { eventInteger, readEventPosition, readOpeningEvidence, readReductionEvidence } from '#shared/trade-evidence.ts';

import { tableTexts } from '../i18n/tables.ts';
import { marketStateOf } from './ticket/market-state.ts';
import { compared, exact, positionChecks, told, type FigureCheck, type Verification } from './verification.ts';

const t = tableTexts.verify;

type Fields = Readonly<Record<string, unknown>>;

const figure = (data: Fields, name: string): bigint => eventInteger.parse(data[name]);
const fieldsOf = (data: Fields, name: string): Fields => data[name] as Fields;

/** An event of the receipt that can be a fill, read. */
interface FillEvent {
  readonly data: Fields;
  readonly evidence: OpeningEvidence | ReductionEvidence;
}

const isOpening = (evidence: FillEvent['evidence']): evidence is OpeningEvidence => 'leverageE2' in evidence;

const tradeSideOf = (evidence: FillEvent['evidence']) =>
  isOpening(evidence) ? openingTrade(evidence.side) : closingTrade(evidence.before.side);

/** Figures that a row of the table and an event share. An opening states no result. */
const rowFigures = ({ data, evidence }: FillEvent): Pick<FillDto, 'price' | 'quantity'> & Record<string, bigint> => ({
  quantity: evidence.size,
  price: toPrice(figure(data, 'fillPrice')),
  fee: figure(data, 'fee'),
  impact: figure(data, 'impact'),
  realized_pnl: isOpening(evidence) ? 0n : figure(data, 'realizedPnl'),
  funding: isOpening(evidence) ? 0n : figure(data, 'funding'),
  borrow: isOpening(evidence) ? 0n : figure(data, 'borrow'),
});

/** The event of this row. A flip is two events of one transaction, often of the same size: the one whose figures are the row's. */
function eventOf(fill: FillDto, receipt: ReceiptDto): FillEvent | undefined {
  const events = receipt.events.flatMap(({ name, symbol, data }): FillEvent[] => {
    if (symbol !== fill.symbol) return [];
    if (name === 'PositionIncreased') return [{ data, evidence: readOpeningEvidence(data) }];
    return name === 'PositionReduced' ? [{ data, evidence: readReductionEvidence(data) }] : [];
  });
  const alike = ({ figures }: { figures: Record<string, bigint> }) =>
    Object.entries(figures).filter(([name, value]) => fill[name as keyof FillDto] === value).length;
  return events
    .filter(({ evidence }) => tradeSideOf(evidence) === fill.side)
    .map((event) => ({ event, figures: rowFigures(event) }))
    .sort((a, b) => alike(b) - alike(a))[0]?.event;
}

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
    const event = eventOf(fill, receipt);
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

function opening(fill: FillDto, data: Fields, evidence: OpeningEvidence, market: MarketState): FigureCheck[] {
  const decision = recomputeOpening(market, evidence);
  return [
    ...shared(fill, data, evidence, decision),
    compared('marginAdded', figure(data, 'marginAdded'), decision.marginAdded, exact.usdc),
    ...after(data, decision),
  ];
}

function reduction(fill: FillDto, data: Fields, evidence: ReductionEvidence, market: MarketState): FigureCheck[] {
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

function shared(fill: FillDto, data: Fields, evidence: FillEvent['evidence'], decision: FillDecision): FigureCheck[] {
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

const after = (data: Fields, decision: FillDecision): FigureCheck[] =>
  positionChecks(readEventPosition(data.after), decision.after);
