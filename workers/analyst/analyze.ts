import type { MarketSymbol } from '#shared/markets.ts';
import type { Price } from '#shared/money/units.ts';
import type { AnalyzeRequest } from '#shared/protocol/ai.ts';
import type { Owner } from '#db/repositories/analyses.ts';
import { viewAccount } from '../api/account-view.ts';
import type { Services } from '../api/context.ts';
import { RefusedError } from '../api/errors.ts';
import { newId } from '../platform/ids.ts';
import { admitRequest } from './admission.ts';
import { type AnalysisRecord, type NewAnalysis, quantitativeModel } from './contract.ts';
import { askForAnalysis } from './agents/analysis-agent.ts';
import { type AnalysisDraft, draftOfAssessment } from './draft.ts';
import { lastMoveOf, quantInputOf, roundTripCostBps } from './market-input.ts';
import { pricedMarket } from './oracle-gate.ts';
import { assess } from './quant/assess.ts';
import { HORIZON_MS, type QuantInput } from './quant/contract.ts';
import { riskDraft } from './risk-figures.ts';

/**
 * Analyses a market for a trader and keeps what it says.
 *
 * @throws RefusedError AI_001, AI_002, AI_003 or AI_008 where a model was asked in vain; AI_007 beyond the hour's analyses; ORACLE_001…003 and MARKET_003 where no acceptable price is there.
 */
export async function analyze(services: Services, owner: Owner, request: AnalyzeRequest): Promise<AnalysisRecord> {
  await admitRequest(services, owner, 'analyze');
  const { symbol, horizon, analysis_type: analysisType } = request;
  const [snapshot, account] = await Promise.all([
    services.markets.snapshot(symbol),
    viewAccount(services, owner.wallet),
  ]);
  const priced = pricedMarket(snapshot);
  if (!priced.ok) throw new RefusedError(priced.refusal);
  const position = account.view.positions.find((held) => held.symbol === symbol)?.position ?? null;
  const input = await quantInputOf(services, { ...priced.value, symbol }, horizon, position?.side ?? null);
  const quantitative =
    analysisType === 'risk_assessment'
      ? riskDraft({
          ...{ symbol, horizon, position, nowMs: input.now_ms, candles: input.candles },
          ...{ market: priced.value.market, price: priced.value.price.price },
        })
      : draftOfAssessment(assess(input));
  const question = { request, quantitative, hasPosition: position !== null };
  const tools = { services, caller: owner, propose: () => undefined, cite: () => undefined };
  const asked = await askForAnalysis(services.models, question, tools);
  const begins = asked === null ? { atMs: input.now_ms, price: priced.value.price.price } : await now(services, symbol);
  const { draft, model } = asked ?? { draft: quantitative, model: quantitativeModel };
  const analysis = { ...newAnalysis(request, input, draft, begins), model };
  await services.repositories.analyses.create(owner, analysis);
  return { ...analysis, isActive: true, score: null };
}

/** When a forecast begins, and the price it is measured from. */
interface Beginning {
  readonly atMs: number;
  readonly price: Price;
}

/**
 * A model may take minutes, and its tools show it the price all the while: its forecast begins when it is there, at the price of that moment,
 * so that no model is scored on a move it has seen. @throws RefusedError where the price is not acceptable by then.
 */
async function now({ markets, clock }: Services, symbol: MarketSymbol): Promise<Beginning> {
  const priced = pricedMarket(await markets.snapshot(symbol));
  if (!priced.ok) throw new RefusedError(priced.refusal);
  return { atMs: clock.nowMs(), price: priced.value.price.price };
}

function newAnalysis(
  request: AnalyzeRequest,
  input: QuantInput,
  draft: AnalysisDraft,
  { atMs, price }: Beginning,
): Omit<NewAnalysis, 'model'> {
  return {
    ...draft,
    id: newId(),
    symbol: request.symbol,
    analysisType: request.analysis_type,
    horizon: request.horizon,
    // As it is kept.
    confidenceBps: Math.round(draft.confidenceBps / 100) * 100,
    price,
    costBps: roundTripCostBps(input),
    lastMove: lastMoveOf(input),
    createdAtMs: atMs,
    expiresAtMs: atMs + HORIZON_MS[request.horizon],
  };
}
