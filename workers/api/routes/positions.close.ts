import { divFloor } from '#shared/money/divide.ts';
import { BPS_SCALE } from '#shared/money/units.ts';
import { orderSchema } from '#shared/protocol/orders.ts';
import { closePositionRequestSchema } from '#shared/protocol/positions.ts';
import { presentOrder } from '#shared/protocol/present/order.ts';
import type { AccountRpc } from '../../account/contract.ts';
import { refused, unwrap } from '../errors.ts';
import { defineOperation } from '../operation.ts';
import { executed } from './orders.place.ts';
import { positionParamsSchema } from './positions.history.ts';

export const positionsClose = defineOperation({
  method: 'POST',
  path: '/api/trading/positions/{id}/close',
  tag: 'Trading',
  summary: 'Close a position, or a share of it, by a reduce-only market order',
  auth: 'bearer',
  rate: 'trading',
  idempotent: true,
  params: positionParamsSchema,
  body: closePositionRequestSchema,
  status: 201,
  answer: orderSchema,
  refusals: [
    'TRADING_006',
    'TRADING_009',
    'TRADING_010',
    'TRADING_011',
    'TRADING_012',
    'TRADING_014',
    'TRADING_015',
    'MARKET_005',
    'ORACLE_001',
    'ORACLE_002',
    'ORACLE_003',
    'VALIDATION_005',
    'CHAIN_001',
  ],
  handle: async ({ params, body, session, meta, services }) => {
    const account = services.account(session.wallet);
    const quantity = body.share === undefined ? null : await shareOf(account, params.id, BigInt(body.share));
    const command = {
      meta,
      userId: session.userId,
      positionId: params.id,
      quantity,
      maxSlippageBps: body.max_slippage_bps ?? null,
    };
    return presentOrder(await executed(account, unwrap(await account.closePosition(command))));
  },
});

/** The size of a share in basis points, rounded down; null for all of it. @throws RefusedError TRADING_006, VALIDATION_005 */
async function shareOf(account: AccountRpc, positionId: string, shareBps: bigint): Promise<bigint | null> {
  if (shareBps === BPS_SCALE) return null;
  const held = (await account.state()).positions.find((view) => view.positionId === positionId);
  // A repeated request finds no position any more; its answer is stored, and the object gives it before it looks at the size.
  if (held === undefined) return null;
  const quantity = divFloor(held.position.size * shareBps, BPS_SCALE);
  if (quantity > 0n) return quantity;
  throw refused('VALIDATION_005', 'This share of the position is less than its smallest unit. Close more of it.');
}
