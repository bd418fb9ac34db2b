/**
 * How long a market order takes, from POST to filled, against a running exchange (`npm start`): with the wait for the first eligible price
 * (a rule of the exchange, at least into the next second) and without it, counted from the moment that price reached this client.
 *
 *   npx node tests/bench/order-latency.ts --orders 50
 */
import { parseArgs } from 'node:util';
import { ExchangeStream, newIdempotencyKey, type StreamMessage } from '#sdk/index.ts';
import { quote, QUOTE_SCALE, size, SIZE_SCALE } from '#shared/money/units.ts';
import { openFundedAccount } from '../../examples/funded-account.ts';
import { summary } from './summary.ts';

const { values: flags } = parseArgs({
  options: {
    api: { type: 'string', default: 'http://127.0.0.1:8787' },
    orders: { type: 'string', default: '50' },
  },
});

const symbol = 'SOL-PERP';
const orders = Number(flags.orders);

const { client } = await openFundedAccount(flags.api, quote(5_000n * QUOTE_SCALE));

/** When the first price of a publish time reached this client, milliseconds. */
const arrivals = new Map<number, number>();
const onMessage = (update: StreamMessage) => {
  if (update.kind !== 'price' || update.type !== 'update') return;
  const { publish_time: publishTime } = update.data;
  if (!arrivals.has(publishTime)) arrivals.set(publishTime, performance.now());
};
const url = new URL(`/ws/market/${symbol}`, flags.api.replace(/^http/, 'ws')).href;
const stream = new ExchangeStream({ url, channels: ['price'], onMessage });
stream.open();

const total: number[] = [];
const afterPrice: number[] = [];
for (let i = 0; i < orders; i++) {
  const side = i % 2 === 0 ? 'buy' : 'sell';
  const startedAt = performance.now();
  const order = await client.orders.place(
    {
      ...{ symbol, side, order_type: 'market', quantity: size(SIZE_SCALE), leverage: 1_000 },
      ...{ reduce_only: side === 'sell', time_in_force: 'gtc' },
    },
    newIdempotencyKey(),
  );
  const filledAt = performance.now();
  if (order.stage !== 'filled') throw new Error(`order ${i + 1} is ${order.stage}: ${order.error?.message ?? ''}`);
  total.push(filledAt - startedAt);
  // A trade always has one; only additions of margin need no price.
  const from = order.eligible_from ?? Infinity;
  const eligible = [...arrivals].find(([publishTime]) => publishTime >= from);
  if (eligible !== undefined) afterPrice.push(filledAt - eligible[1]);
}
stream.close();
console.log(`market orders, one after the other, ${orders} in all`);
console.log(summary('POST → filled (with the wait for the eligible price)', total));
console.log(summary('eligible price here → filled here', afterPrice));
process.exit(0);
