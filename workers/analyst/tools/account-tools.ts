import * as z from 'zod';
import { parseDecimal } from '#shared/money/decimal.ts';
import { PRICE_DECIMALS, price as toPrice, U64_MAX } from '#shared/money/units.ts';
import { isLiquidatable } from '#shared/perps/equity.ts';
import { unrealizedPnl } from '#shared/perps/pnl.ts';
import { analysisListSchema, analysisTypeSchema, horizonSchema } from '#shared/protocol/ai.ts';
import { marketSymbolSchema } from '#shared/protocol/common.ts';
import { liquidationListSchema } from '#shared/protocol/fills.ts';
import { positionListSchema } from '#shared/protocol/positions.ts';
import { riskHealthSchema } from '#shared/protocol/risk.ts';
import { presentPositions } from '#shared/protocol/present/position.ts';
import { healthFigures, presentRiskHealth } from '#shared/protocol/present/risk-health.ts';
import { marketAt } from '#shared/protocol/present/market.ts';
import { quoteCodec, signedQuoteCodec, signedRatioCodec } from '#shared/money/codecs.ts';
import { viewAccount } from '../../api/account-view.ts';
import { presentAnalysis } from '../../api/present-ai.ts';
import { presentLiquidation } from '../../api/present-history.ts';
import { quantInputOf } from '../market-input.ts';
import { pricedMarket } from '../oracle-gate.ts';
import { riskDraft } from '../risk-figures.ts';
import { type AssistantTool, defineTool, plainJson, ToolRefusal } from './tool.ts';

/** Entries of one list. */
const entriesMax = 10;

const getPositions = defineTool({
  name: 'get_positions',
  description: "The caller's own open positions at live prices. Nobody else's can be read.",
  schema: z.strictObject({}),
  answer: async (_input, { services, caller }) => {
    const { view, snapshotOf } = await viewAccount(services, caller.wallet);
    return plainJson(positionListSchema, presentPositions(view, snapshotOf, services.clock.nowMs()));
  },
});

const getMargin = defineTool({
  name: 'get_margin',
  description: "The caller's own balance, margin ratios, and how far each of his positions is from its liquidation.",
  schema: z.strictObject({}),
  answer: async (_input, { services, caller }) => {
    const { view, snapshotOf } = await viewAccount(services, caller.wallet);
    return plainJson(riskHealthSchema, presentRiskHealth(view, snapshotOf, services.clock.nowMs()));
  },
});

const whatIfSchema = z.strictObject({
  equity: signedQuoteCodec,
  unrealized_pnl: signedQuoteCodec,
  maintenance_margin: quoteCodec,
  margin_ratio: signedRatioCodec,
  liquidated: z.boolean(),
});

const whatIfPrice = defineTool({
  name: 'what_if_price',
  description:
    "What the caller's own position in a market would be worth at another price, by the program's mathematics: equity, profit, margin ratio, whether it would be liquidated.",
  schema: z.strictObject({
    symbol: marketSymbolSchema,
    price: z
      .string()
      .regex(/^\d{1,12}(\.\d{1,8})?$/)
      .describe('USD, as decimal text'),
  }),
  answer: async ({ symbol, price: text }, { services, caller }) => {
    const { view, snapshotOf } = await viewAccount(services, caller.wallet);
    const position = view.positions.find((held) => held.symbol === symbol)?.position;
    const snapshot = snapshotOf(symbol);
    const market = snapshot === null ? null : marketAt(snapshot, services.clock.nowMs());
    if (position === undefined) throw new ToolRefusal(`There is no open position in ${symbol}.`);
    if (market === null) throw new ToolRefusal(`${symbol} cannot be read right now.`);
    const price = toPrice(parseDecimal(text, { decimals: PRICE_DECIMALS, min: 1n, max: U64_MAX }));
    return plainJson(whatIfSchema, {
      ...healthFigures(position, market, price),
      unrealized_pnl: unrealizedPnl(position, price),
      liquidated: isLiquidatable(position, market, price, market.config.maintenanceMarginBps),
    });
  },
});

const assessRisk = defineTool({
  name: 'assess_risk',
  description:
    "How far the caller's own position in a market is from its liquidation, measured in what the market usually moves over a horizon; without a position, what leverage would stand it.",
  schema: z.strictObject({ symbol: marketSymbolSchema, horizon: horizonSchema }),
  answer: async ({ symbol, horizon }, { services, caller, cite }) => {
    const [snapshot, { view }] = await Promise.all([
      services.markets.snapshot(symbol),
      viewAccount(services, caller.wallet),
    ]);
    const priced = pricedMarket(snapshot);
    if (!priced.ok) throw new ToolRefusal(priced.refusal.message);
    const position = view.positions.find((held) => held.symbol === symbol)?.position ?? null;
    const { candles, now_ms: nowMs } = await quantInputOf(services, { ...priced.value, symbol }, horizon, null);
    const { market, price } = priced.value;
    const draft = riskDraft({ symbol, horizon, nowMs, candles, market, price: price.price, position });
    cite(draft.figures);
    return draft;
  },
});

const getLiquidations = defineTool({
  name: 'get_liquidations',
  description: `The caller's own last liquidations, newest first, at most ${entriesMax}.`,
  schema: z.strictObject({ symbol: marketSymbolSchema.optional() }),
  answer: async ({ symbol }, { services, caller }) => {
    const page = await services.repositories.liquidations.list(caller.userId, { symbol, limit: entriesMax });
    return plainJson(liquidationListSchema, page.rows.map(presentLiquidation));
  },
});

const getAnalyses = defineTool({
  name: 'get_analyses',
  description: `The last analyses made for the caller, newest first, with what they came to, at most ${entriesMax}.`,
  schema: z.strictObject({ symbol: marketSymbolSchema.optional(), analysis_type: analysisTypeSchema.optional() }),
  answer: async ({ symbol, analysis_type: analysisType }, { services, caller }) => {
    const page = await services.repositories.analyses.list(caller.userId, { symbol, analysisType, limit: entriesMax });
    const nowMs = services.clock.nowMs();
    return plainJson(
      analysisListSchema,
      page.rows.map((record) => presentAnalysis(record, nowMs)),
    );
  },
});

/** What is the caller's own. */
export const accountTools = {
  ...{ getPositions, getMargin, whatIfPrice, assessRisk },
  ...{ getLiquidations, getAnalyses },
} as const satisfies Record<string, AssistantTool>;
