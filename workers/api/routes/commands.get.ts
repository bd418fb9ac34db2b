import * as z from 'zod';
import { idempotencyKeyLengthMax } from '#shared/protocol/common.ts';
import { commandSchema } from '#shared/protocol/orders.ts';
import { presentCommand } from '#shared/protocol/present/order.ts';
import { refused } from '../errors.ts';
import { defineOperation } from '../operation.ts';

export const commandsGet = defineOperation({
  method: 'GET',
  path: '/api/trading/commands/{idempotency_key}',
  tag: 'Trading',
  summary: 'What became of a request whose answer was lost, for 24 hours',
  auth: 'bearer',
  rate: 'data',
  params: z.object({ idempotency_key: z.string().min(1).max(idempotencyKeyLengthMax) }),
  status: 200,
  answer: commandSchema,
  refusals: ['TRADING_022'],
  handle: async ({ params, session, services }) => {
    const command = await services.account(session.wallet).getCommand(params.idempotency_key);
    if (command === null) {
      throw refused(
        'TRADING_022',
        'No request with this Idempotency-Key had an effect: send it again with the same key.',
      );
    }
    return presentCommand(command);
  },
});
