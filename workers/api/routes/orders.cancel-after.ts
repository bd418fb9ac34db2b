import { cancelAfterRequestSchema, cancelAfterSchema } from '#shared/protocol/orders.ts';
import { timestampOrNull } from '#shared/protocol/present/fields.ts';
import { unwrap } from '../errors.ts';
import { defineOperation } from '../operation.ts';

export const ordersCancelAfter = defineOperation({
  method: 'POST',
  path: '/api/trading/cancel-after',
  tag: 'Trading',
  summary: 'Cancel every order that can be cancelled after so many seconds, unless asked again before; 0 disarms',
  auth: 'bearer',
  rate: 'trading',
  idempotent: true,
  body: cancelAfterRequestSchema,
  status: 200,
  answer: cancelAfterSchema,
  refusals: ['TRADING_009', 'TRADING_010'],
  handle: async ({ body, session, meta, services }) => {
    const answer = await services.account(session.wallet).cancelAfter({ meta, seconds: body.seconds });
    return { cancel_at: timestampOrNull(unwrap(answer).cancelAtMs) };
  },
});
