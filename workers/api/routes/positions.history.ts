import * as z from 'zod';
import { pageQuerySchema, uuidSchema } from '#shared/protocol/common.ts';
import { positionHistorySchema } from '#shared/protocol/positions.ts';
import { presentPositionHistory } from '../present-history.ts';
import { refused } from '../errors.ts';
import { defineOperation } from '../operation.ts';
import { sendCursor } from '../paging.ts';

export const positionParamsSchema = z.object({ id: uuidSchema });

export const positionsHistory = defineOperation({
  method: 'GET',
  path: '/api/trading/positions/{id}/history',
  tag: 'Trading',
  summary: 'What changed a position, newest first',
  auth: 'bearer',
  rate: 'data',
  params: positionParamsSchema,
  query: pageQuerySchema,
  status: 200,
  answer: z.array(positionHistorySchema),
  paged: true,
  refusals: ['TRADING_006', 'SYSTEM_002'],
  handle: async ({ params, query, session, services, context }) => {
    const { positions } = services.repositories;
    const page = await positions.history(session.userId, params.id, query);
    if (page.rows.length === 0 && (await positions.get(session.userId, params.id)) === null) {
      throw refused('TRADING_006', 'You have no position with this id.');
    }
    sendCursor(context, page.nextCursor);
    return page.rows.map((row) => presentPositionHistory(params.id, row));
  },
});
