import * as z from 'zod';
import { type ProposalDto, proposalSchema } from '#shared/protocol/ai-chat.ts';
import { marketSymbolSchema } from '#shared/protocol/common.ts';
import { type PlaceOrderRequest, placeOrderRequestSchema, previewSchema } from '#shared/protocol/orders.ts';
import { presentBalance } from '#shared/protocol/present/balance.ts';
import { timestampOf } from '#shared/protocol/present/fields.ts';
import { presentPosition } from '#shared/protocol/present/position.ts';
import { viewAccount } from '../../api/account-view.ts';
import { RefusedError } from '../../api/errors.ts';
import { defaultLeverage, previewFor } from '../../api/preview.ts';
import { newId } from '../../platform/ids.ts';
import { type AssistantTool, defineTool, plainJson, type ToolContext, ToolRefusal } from './tool.ts';

/** After this a proposal has to be asked for anew: its figures are those of another market. */
const proposalLifeMs = 60_000;

const decimalText = z.string().regex(/^\d{1,12}(\.\d{1,8})?$/);

/** What an order may be proposed with; the exchange's own schema of orders reads it afterwards. */
const orderSchema = z.strictObject({
  symbol: marketSymbolSchema,
  side: z.enum(['buy', 'sell']),
  order_type: z.enum(['market', 'limit', 'stop', 'stop_limit']),
  quantity: decimalText.describe('Base units, as decimal text'),
  price: decimalText.optional().describe('Limit price in USD; for limit and stop_limit'),
  stop_price: decimalText.optional().describe('Trigger price in USD; for stop and stop_limit'),
  leverage: decimalText.optional().describe("Times the margin; the caller's default without it"),
  reduce_only: z.boolean().optional().describe('True for an order that only closes'),
  take_profit: decimalText.optional().describe('USD'),
  stop_loss: decimalText.optional().describe('USD'),
});

/** The order as placing would read it. @throws ToolRefusal */
function orderOf(input: z.output<typeof orderSchema>, more: object = {}): PlaceOrderRequest {
  const read = placeOrderRequestSchema.safeParse({ ...input, ...more });
  if (!read.success) throw new ToolRefusal(`That is no order: ${z.prettifyError(read.error)}`);
  return read.data;
}

/** @throws ToolRefusal with the exchange's own words. */
async function previewed({ services, caller }: ToolContext, order: PlaceOrderRequest) {
  try {
    return await previewFor(services, caller.wallet, order);
  } catch (error) {
    if (error instanceof RefusedError) throw new ToolRefusal(`${error.refusal.code}: ${error.refusal.message}`);
    throw error;
  }
}

const whatIfOrder = defineTool({
  name: 'what_if_order',
  description:
    "What an order of the caller would do now, by the program's mathematics: fill price, fee, margin, liquidation price, and why it would be refused. Shows and places nothing.",
  schema: orderSchema,
  answer: async (input, context) => plainJson(previewSchema, await previewed(context, orderOf(input))),
});

const proposeOrder = defineTool({
  name: 'propose_order',
  description:
    'Shows the caller a filled ticket for an order he asked for, with how it stands before and after. Places nothing: only he can, by confirming it himself.',
  schema: orderSchema.extend({
    analysis_id: z.uuid().optional().describe("One of the caller's own analyses that the order follows"),
  }),
  answer: async ({ analysis_id: analysisId, ...input }, context) => {
    const isOwn =
      analysisId !== undefined &&
      (await context.services.repositories.analyses.owns(context.caller.userId, analysisId));
    const asked = orderOf(input, isOwn ? { analysis_id: analysisId } : {});
    const order = { ...asked, ...(await termsOf(context, asked)) };
    const [preview, before] = await Promise.all([previewed(context, order), standing(context, order)]);
    const proposal: ProposalDto = {
      proposal_id: newId(),
      order,
      before,
      preview,
      expires_at: timestampOf(context.services.clock.nowMs() + proposalLifeMs),
    };
    context.propose(proposal);
    return { shown: true, placed: false, proposal: plainJson(proposalSchema, proposal) };
  },
});

/**
 * What an order takes from its trader's settings, spelled out: a ticket may stand at another leverage or slippage, and what is sent has to be
 * what was shown.
 */
async function termsOf(
  { services, caller }: ToolContext,
  order: PlaceOrderRequest,
): Promise<Pick<PlaceOrderRequest, 'leverage' | 'max_slippage_bps'>> {
  const [terms, { market }] = await Promise.all([
    services.account(caller.wallet).orderTerms(order.symbol),
    services.markets.snapshot(order.symbol),
  ]);
  if (market === null) throw new ToolRefusal(`${order.symbol} is not open on this network yet.`);
  const leverage = order.leverage ?? Number(defaultLeverage(market.config.maxLeverage, terms));
  const isAtAnyPrice = order.order_type === 'market' || order.order_type === 'stop';
  return { leverage, ...(isAtAnyPrice ? { max_slippage_bps: order.max_slippage_bps ?? terms.slippageBps } : {}) };
}

/** How the caller stands without the order. */
async function standing(
  { services, caller }: ToolContext,
  { symbol }: PlaceOrderRequest,
): Promise<ProposalDto['before']> {
  const { view, snapshotOf } = await viewAccount(services, caller.wallet);
  const held = view.positions.find((candidate) => candidate.symbol === symbol);
  const { total_balance, available_balance, margin_used } = presentBalance(view, snapshotOf);
  const account = { total_balance, available_balance, margin_used };
  if (held === undefined) return { position: null, account };
  const {
    side,
    size,
    entry_price,
    margin_used: margin,
    leverage,
    liquidation_price,
  } = presentPosition(held, snapshotOf(symbol), services.clock.nowMs());
  return { position: { side, size, entry_price, margin, leverage, liquidation_price }, account };
}

/** What is asked about an order. Neither of them can place one. */
export const orderTools = { whatIfOrder, proposeOrder } as const satisfies Record<string, AssistantTool>;
