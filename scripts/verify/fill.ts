import type { EventValue, IndexedEvent } from '#shared/events.ts';
import { eventInteger, readEventPosition, readOpeningEvidence, readReductionEvidence } from '#shared/trade-evidence.ts';
import { PerpError } from '#shared/perps/errors.ts';
import {
  type FillDecision,
  type OpeningEvidence,
  type ReductionEvidence,
  recomputeOpening,
  recomputeReduction,
} from '#shared/perps/trade-receipt.ts';
import type { MarketState } from '#shared/perps/types.ts';
import type { MarketSymbol } from '#shared/markets.ts';
import { type Check, compared, held, told, type Verdict } from './check.ts';
import type { HermesHistory } from './hermes.ts';
import { firstEligible, isFirstOf, priceChecks } from './price.ts';
import * as show from './show.ts';

export interface FillContext {
  readonly symbol: MarketSymbol;
  /** The market, with its parameters. */
  readonly market: MarketState;
  readonly hermes: HermesHistory;
}

type Fields = Readonly<Record<string, EventValue>>;

const figure = (data: Fields, name: string): bigint => eventInteger.parse(data[name]);

/** Recomputes a `PositionIncreased` or a `PositionReduced`. @throws VerificationFailure, ZodError for an event of another interface */
export async function verifyFill(event: IndexedEvent, context: FillContext): Promise<Verdict> {
  const isOpening = event.name === 'PositionIncreased';
  const evidence = isOpening ? readOpeningEvidence(event.data) : readReductionEvidence(event.data);
  const { hermes, market, symbol } = context;
  const waited = 'reason' in evidence && evidence.reason !== 'order' ? null : figure(event.data, 'minPublishTime');
  const oracle = { ...evidence.oracle, prevPublishTime: previousOf(event.data) };
  return {
    title: titleOf(symbol, event.data, evidence),
    checks: [
      ...(await priceChecks(hermes, market.oracle.feedId, oracle)),
      ...(await eligibility(oracle, waited, context)),
      ...figures(event.data, evidence, market),
    ],
    isFirstEligible: waited === null ? null : isFirstOf(oracle, waited),
  };
}

const previousOf = ({ oracle }: Fields): bigint => figure(oracle as Fields, 'prevPublishTime');

function titleOf(symbol: MarketSymbol, data: Fields, evidence: OpeningEvidence | ReductionEvidence): string {
  const size = show.units(evidence.size);
  if ('side' in evidence) return `${symbol}: ${evidence.side} ${size} opened for ${String(data.owner)}`;
  const whose = evidence.reason === 'order' ? '' : `, ${evidence.reason}`;
  return `${symbol}: ${evidence.before.side} ${size} closed for ${String(data.owner)}${whose}`;
}

/** What the order waited for, and which price would have been its first. */
async function eligibility(
  oracle: Parameters<typeof isFirstOf>[0],
  waited: bigint | null,
  { hermes, market }: FillContext,
): Promise<Check[]> {
  if (waited === null) return [];
  const eligible = told('eligible from', show.second(waited));
  const since = `the price is of ${waited} or later`;
  const bound = held('price is late enough', oracle.publishTime >= waited, since, 'the price is too early');
  if (isFirstOf(oracle, waited)) return [eligible, bound, told('first eligible price', 'yes')];
  const first = await firstEligible(hermes, market.oracle.feedId, waited);
  const other = first === null ? 'Hermes has none of that moment' : `${show.usd(first.price)} at ${first.publishTime}`;
  return [eligible, bound, told('first eligible price', `no: ${other}`)];
}

/** Every figure of the fill beside what the mathematics makes of the evidence. */
function figures(data: Fields, evidence: OpeningEvidence | ReductionEvidence, market: MarketState): Check[] {
  try {
    return 'side' in evidence ? opening(data, evidence, market) : reduction(data, evidence, market);
  } catch (error) {
    if (!(error instanceof PerpError)) throw error;
    return [{ name: 'fill', stated: 'executed', expected: `refused by the mathematics: ${error.message}` }];
  }
}

function opening(data: Fields, evidence: OpeningEvidence, market: MarketState): Check[] {
  const decision = recomputeOpening(market, evidence);
  return [
    told('leverage', `${Number(evidence.leverageE2) / 100}×`),
    ...shared(data, decision),
    compared('margin added', figure(data, 'marginAdded'), decision.marginAdded, show.usdc),
    position(data, decision),
  ];
}

function reduction(data: Fields, evidence: ReductionEvidence, market: MarketState): Check[] {
  const decision = recomputeReduction(market, evidence);
  return [
    ...shared(data, decision),
    compared('entry value closed', figure(data, 'entryValue'), decision.entryValue, show.entryUsd),
    compared('realised profit', figure(data, 'realizedPnl'), decision.realizedPnl, show.usdc),
    compared('funding paid', figure(data, 'funding'), decision.funding, show.usdc),
    compared('borrow paid', figure(data, 'borrow'), decision.borrow, show.usdc),
    compared('margin released', figure(data, 'marginReleased'), decision.marginReleased, show.usdc),
    compared('bad debt', figure(data, 'badDebt'), decision.badDebt, show.usdc),
    position(data, decision),
  ];
}

function shared(data: Fields, decision: FillDecision): Check[] {
  const split = data.feeSplit as Fields;
  return [
    compared('fill price', figure(data, 'fillPrice'), decision.fillPrice, show.usd),
    compared('impact', figure(data, 'impact'), decision.impact, show.usdc),
    compared('fee', figure(data, 'fee'), decision.fee, show.usdc),
    compared("fee: pool's share", figure(split, 'pool'), decision.feeSplit.pool, show.usdc),
    compared("fee: insurance's share", figure(split, 'insurance'), decision.feeSplit.insurance, show.usdc),
    compared("fee: treasury's share", figure(split, 'treasury'), decision.feeSplit.treasury, show.usdc),
  ];
}

const position = (data: Fields, decision: FillDecision): Check =>
  compared('position after', readEventPosition(data.after), decision.after, show.position);
