/**
 * How long an unhealthy position stays open, against a running exchange with its local price replay (`npm start`): from the moment the price
 * that crosses its threshold reaches this client's socket to the moment its trader's socket tells of the liquidation on chain; and from the
 * first price that the chain can act on, because it keeps the first price of each second and the crossing one may not be it.
 *
 * Every round puts the price just below the lowest liquidation price of all traders, so that each of them is due in each round, in part. A
 * round that misses one fails the bench.
 *
 *   npx node tests/bench/liquidation-latency.ts --traders 10 --rounds 8
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ExchangeStream, newIdempotencyKey, type QuantDeskClient, type StreamMessage } from '#sdk/index.ts';
import { PRICE_DECIMALS, quote, QUOTE_SCALE, size, SIZE_SCALE } from '#shared/money/units.ts';
import { formatDecimal } from '#shared/money/decimal.ts';
import { openFundedAccount } from '../../examples/funded-account.ts';
import { controlReplay } from '../../examples/replay.ts';
import { summary } from './summary.ts';

const { values: flags } = parseArgs({
  options: {
    api: { type: 'string', default: 'http://127.0.0.1:8787' },
    hermes: { type: 'string', default: 'http://127.0.0.1:8890' },
    traders: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '8' },
  },
});

const symbol = 'SOL-PERP';
const socketBase = flags.api.replace(/^http/, 'ws');
const traderCount = Number(flags.traders);
const roundCount = Number(flags.rounds);
const roundMsMax = 60_000;
const settledMsMax = 10_000;
const settledPollMs = 50;
/** Far below the 5 s after which workerd closes an idle connection: `wrangler dev` ends over a request that falls into one just closed. */
const keepOpenMs = 1_000;
/** Longer than a released candidate pauses, and than the second of the price. */
const pauseMs = 2_500;
const entryPrice = 150n * 10n ** BigInt(PRICE_DECIMALS);
/** How far below the lowest liquidation price a round goes, 1e-8 USD: 3 cents, which leaves most of the position for the next round. */
const depth = 3n * 10n ** BigInt(PRICE_DECIMALS - 2);

/** One trader with his position; `toldAt` is when his socket told of this round's liquidation. */
interface Trader {
  readonly client: QuantDeskClient;
  toldAt: number | null;
  commandSeq: number;
}

const setPrice = (price: bigint) =>
  controlReplay(flags.hermes, { price: { base: 'SOL', usd: formatDecimal(price, PRICE_DECIMALS), conf: '0.01' } });

interface Arrival {
  readonly at: number;
  readonly publishTime: number;
}

/** When each price, and the first one of each publish time, reached this client. */
const pricesSeen = new Map<bigint, Arrival>();
const secondsSeen = new Map<number, Arrival>();

const onPrice = (message: StreamMessage) => {
  if (message.kind !== 'price' || message.type !== 'update') return;
  const { price, publish_time: publishTime } = message.data;
  const arrival = { at: performance.now(), publishTime };
  if (!pricesSeen.has(price)) pricesSeen.set(price, arrival);
  if (!secondsSeen.has(publishTime)) secondsSeen.set(publishTime, arrival);
};

/** When the chain could first act on a price: with it, where it opened its second, else with the first price of the next one. */
function eligible(crossing: Arrival): Arrival {
  const opened = secondsSeen.get(crossing.publishTime);
  if (opened?.at === crossing.at) return crossing;
  const later = [...secondsSeen.values()].filter(({ publishTime }) => publishTime > crossing.publishTime);
  return later.sort((a, b) => a.publishTime - b.publishTime)[0] ?? crossing;
}

async function openTrader(): Promise<Trader> {
  const { client, token } = await openFundedAccount(flags.api, quote(1_000n * QUOTE_SCALE));
  const trader: Trader = { client, toldAt: null, commandSeq: 0 };
  const onMessage = (message: StreamMessage) => {
    if (message.kind !== 'risk' || message.type !== 'update' || message.data.kind !== 'liquidated') return;
    trader.toldAt ??= performance.now();
  };
  const url = `${socketBase}/ws/account`;
  new ExchangeStream({ url, channels: ['risk'], onMessage, token: async () => token }).open();
  const order = await client.orders.place(
    {
      ...{ symbol, side: 'buy', order_type: 'market', quantity: size(10n * SIZE_SCALE), leverage: 2_000 },
      ...{ reduce_only: false, time_in_force: 'gtc' },
    },
    newIdempotencyKey(),
  );
  if (order.stage !== 'filled') throw new Error(`the order is ${order.stage}: ${order.error?.message ?? ''}`);
  return trader;
}

/**
 * The price below which this position is liquidated, once the API knows of what was done to it last. Asked again where there is no answer: the
 * proxy before the local worker loses a request now and then that falls into a connection just closed for being idle.
 */
async function liquidationPrice(trader: Trader): Promise<bigint> {
  const deadline = performance.now() + settledMsMax;
  let failure: unknown;
  for (; performance.now() < deadline; await sleep(settledPollMs)) {
    const positions = await trader.client.positions.list().catch((error: unknown) => {
      failure = error;
      return null;
    });
    if (positions === null) continue;
    const [position] = positions;
    if (position === undefined) throw new Error('a position was closed in full: there are too many rounds');
    if (position.command_seq <= trader.commandSeq || position.liquidation_price === null) continue;
    trader.commandSeq = position.command_seq;
    return position.liquidation_price;
  }
  throw new Error('a position does not show its liquidation', { cause: failure });
}

/** Takes the price below everybody's threshold and waits until everybody has heard of his liquidation. */
async function playRound(traders: readonly Trader[]): Promise<{ crossing: Arrival; eligible: Arrival }> {
  const thresholds: bigint[] = [];
  for (const trader of traders) thresholds.push(await liquidationPrice(trader));
  for (const trader of traders) trader.toldAt = null;
  const lowest = thresholds.reduce((least, price) => (price < least ? price : least));
  const price = lowest - depth;
  await setPrice(price);
  const deadline = performance.now() + roundMsMax;
  const missing = () => traders.filter(({ toldAt }) => toldAt === null).length;
  while (missing() > 0 && performance.now() < deadline) await sleep(5);
  if (missing() > 0) throw new Error(`${missing()} of ${traders.length} were not liquidated within ${roundMsMax} ms`);
  const crossing = pricesSeen.get(price);
  if (crossing === undefined) throw new Error('the price did not arrive');
  return { crossing, eligible: eligible(crossing) };
}

const prices = new ExchangeStream({
  url: `${socketBase}/ws/market/${symbol}`,
  channels: ['price'],
  onMessage: onPrice,
});
prices.open();
setInterval(() => void fetch(`${flags.api}/health`).then((answer) => answer.text(), String), keepOpenMs);
await setPrice(entryPrice);
await sleep(pauseMs);
const traders: Trader[] = [];
for (let i = 0; i < traderCount; i++) traders.push(await openTrader());
const afterCrossing: number[] = [];
const afterEligible: number[] = [];
const waits: number[] = [];
for (let round = 0; round < roundCount; round++) {
  const { crossing, eligible } = await playRound(traders);
  const told = traders.flatMap(({ toldAt }) => (toldAt === null ? [] : [toldAt]));
  afterCrossing.push(...told.map((at) => at - crossing.at));
  afterEligible.push(...told.map((at) => at - eligible.at));
  waits.push(eligible.at - crossing.at);
  await sleep(pauseMs);
}
await controlReplay(flags.hermes, { price: { base: 'SOL', usd: null } });
console.log(
  `${traderCount} positions of one market crossing at once, ${roundCount} times; all of them were liquidated`,
);
console.log(summary('crossing price here → liquidation told here', afterCrossing));
console.log(summary('of it, wait for the price that the chain acts on', waits));
console.log(summary('that price here → liquidation told here', afterEligible));
process.exit(0);
