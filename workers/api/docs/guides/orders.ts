import type { Guides } from '../guide.ts';

/** Orders, from preview to the proof of what became of them. */
export const orderGuides: Guides = {
  'POST /api/trading/orders': {
    description: `Places an order. It executes at the first acceptable price published after the second it was accepted in (\`eligible_from\`), which nobody can know beforehand. A market order's answer waits up to 3 s for that; \`status: "pending"\` afterwards means that it goes on.

Types: \`market\`; \`limit\` with \`price\`; \`stop\` with \`stop_price\`; \`stop_limit\` with both. \`time_in_force\`: \`gtc\` rests until cancelled, \`ioc\` has one eligible price, \`gtt\` ends at \`expires_at\`. An order against your position reduces it first and opens the other side with what is left, unless \`reduce_only\`.

At most 200 orders are open, an entry together with the exits it will bring, and 50 of them may wait in one market without being \`reduce_only\`, as many again with it; a market's book takes 10,000 of all traders, and what only reduces above them. Beyond that an order is refused when it is placed (\`TRADING_011\`).

A refusal by the exchange's own checks is an HTTP error and leaves nothing behind. One that is accepted and then cannot execute answers as an order with \`status: "rejected"\` and its \`error\`.`,
    example: {
      body: { symbol: 'SOL-PERP', side: 'buy', order_type: 'market', quantity: 2.5, leverage: 5, max_slippage_bps: 50 },
      headers: { 'Idempotency-Key': 'example-open-1' },
      typescript: `const order = await client.orders.place(
  {
    symbol: 'SOL-PERP',
    side: 'buy',
    order_type: 'market',
    quantity: base('2.5'),
    leverage: times(5),
    max_slippage_bps: 50,
  },
  'example-open-1',
);`,
    },
  },
  'POST /api/trading/preview': {
    description: `Takes the body of an order and says what it would do at the price of now: fill, impact, fee, margin, liquidation price and the account afterwards, by the same integer mathematics as the program. \`warnings\` says why it would be refused, most serious first. Places nothing.`,
    example: {
      body: { symbol: 'SOL-PERP', side: 'buy', order_type: 'market', quantity: 2.5, leverage: 5 },
      typescript: `const preview = await client.orders.preview({
  symbol: 'SOL-PERP',
  side: 'buy',
  order_type: 'market',
  quantity: base('2.5'),
  leverage: times(5),
});`,
    },
  },
  'GET /api/trading/orders': {
    description: `Your orders, newest first, filtered by status and market. With \`client_order_id\` the list holds the one order that carries it, or nothing: the way to learn whether an order whose answer was lost was accepted.`,
    example: {
      query: { status: 'pending', symbol: 'SOL-PERP' },
      typescript: `const { items, nextCursor } = await client.orders.list({ status: 'pending', symbol: 'SOL-PERP' });`,
    },
  },
  'GET /api/trading/orders/{id}': {
    description: `One order with every transaction that was signed for it: signature, the position's \`seq\` it was signed for, and what became of it. At most one of them can have landed, because the program takes each \`seq\` once.`,
    example: {
      params: { id: '$ORDER_ID' },
      typescript: `const order = await client.orders.get(orderId);`,
    },
  },
  'DELETE /api/trading/orders/{id}': {
    description: `Cancels an order of which no transaction is on its way. One that is being executed can no longer be stopped: 409 \`TRADING_007\`, and the order says how it ends.`,
    example: {
      params: { id: '$ORDER_ID' },
      headers: { 'Idempotency-Key': 'example-cancel-1' },
      typescript: `const order = await client.orders.cancel(orderId, 'example-cancel-1');`,
    },
  },
  'DELETE /api/trading/orders': {
    description: `Cancels every order that still can be, of one market with \`symbol\` or of all, and answers those it cancelled.`,
    example: {
      query: { symbol: 'SOL-PERP' },
      headers: { 'Idempotency-Key': 'example-cancel-all-1' },
      typescript: `const cancelled = await client.orders.cancelAll({ symbol: 'SOL-PERP' }, 'example-cancel-all-1');`,
    },
  },
  'GET /api/trading/commands/{idempotency_key}': {
    description: `What became of a request whose answer was lost, for 24 hours: \`running\`, \`done\` with its order, or \`refused\` with the reason. 404 \`TRADING_022\` means that it never arrived: send it again with the same key.`,
    example: {
      params: { idempotency_key: 'example-open-1' },
      typescript: `const command = await client.orders.command('example-open-1');`,
    },
  },
  'PATCH /api/trading/orders/{id}': {
    description: `Changes an order that is not submitted yet; what you do not name stays. It is checked again like a new one, and from then on waits for a later price. One that is being executed answers 409 \`TRADING_024\`.`,
    example: {
      params: { id: '$ORDER_ID' },
      headers: { 'Idempotency-Key': 'example-amend-1' },
      body: { price: 49.5 },
      typescript: `const order = await client.orders.amend(orderId, { price: usd('49.5') }, 'example-amend-1');`,
    },
  },
  'POST /api/trading/cancel-after': {
    description: `A dead man's switch: every order that can be cancelled is, \`seconds\` from now, unless you ask again before. Send it every third of that time while your program is well; 0 disarms it.`,
    example: {
      headers: { 'Idempotency-Key': 'example-cancel-after-1' },
      body: { seconds: 60 },
      typescript: `const { cancel_at } = await client.orders.cancelAfter(60, 'example-cancel-after-1');`,
    },
  },
  'POST /api/trading/positions/{id}/exits': {
    description: `Sets the take-profit and the stop-loss of a position as two reduce-only orders of one group: what one closes the other closes no more, and closing the position ends both. What you do not name stays, null removes. Answers the exits it has afterwards.`,
    example: {
      params: { id: '$POSITION_ID' },
      headers: { 'Idempotency-Key': 'example-exits-1' },
      body: { take_profit: 400, stop_loss: 60 },
      typescript: `const exits = await client.positions.setExits(
  positionId,
  { take_profit: usd('400'), stop_loss: usd('60') },
  'example-exits-1',
);`,
    },
  },
};
