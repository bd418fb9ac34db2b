import type { AnalysisType } from '#shared/protocol/ai.ts';
import type { ModelTool } from '../models/contract.ts';
import { accountTools } from '../tools/account-tools.ts';
import { marketTools } from '../tools/market-tools.ts';
import { orderTools } from '../tools/order-tools.ts';
import { type AssistantTool, type ToolContext, ToolRefusal } from '../tools/tool.ts';
import { visibleData } from './plain-text.ts';

const { getPrices, getCandles, getMarketStats, getOracleState, assessMarket, getPool, getTrackRecord } = marketTools;
const { getLiquidationClusters, getMarketLiquidations } = marketTools;
const { getPositions, getMargin, whatIfPrice, assessRisk, getLiquidations, getAnalyses } = accountTools;
const { whatIfOrder, proposeOrder } = orderTools;

/** What each agent may look up; none of them proposes. */
export const toolsOfAnalysis: Readonly<Record<AnalysisType, readonly AssistantTool[]>> = {
  market_analysis: [
    ...[getPrices, getCandles, getMarketStats, getOracleState],
    ...[getLiquidationClusters, getMarketLiquidations, getPool],
  ],
  trading_signal: [getCandles, getMarketStats, getOracleState, getPositions, getAnalyses, getTrackRecord],
  risk_assessment: [getMarketStats, getOracleState, getPositions, getMargin, whatIfPrice, whatIfOrder, getLiquidations],
};

/** What the chat may look up, and the ticket it may show. */
export const chatTools: readonly AssistantTool[] = [
  ...[
    getPrices,
    getCandles,
    getMarketStats,
    getOracleState,
    assessMarket,
    getLiquidationClusters,
    getMarketLiquidations,
    getPool,
    getTrackRecord,
  ],
  ...[getPositions, getMargin, whatIfPrice, assessRisk, getLiquidations, getAnalyses],
  ...[whatIfOrder, proposeOrder],
];

/** Tools as a model runs them, bound to the caller. What one refuses is told as data; what breaks is the router's to tell. */
export const modelToolsOf = (tools: readonly AssistantTool[], context: ToolContext): ModelTool[] =>
  tools.map((tool) => ({
    name: tool.name,
    description: tool.description,
    schema: tool.schema,
    run: async (input) => {
      try {
        return visibleData(await tool.run(input, context));
      } catch (error) {
        if (error instanceof ToolRefusal) return { refused: error.message };
        throw error;
      }
    },
  }));
