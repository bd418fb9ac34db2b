import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { newIdempotencyKey } from '#sdk/index.ts';
import { type Price, price, PRICE_SCALE, quote, QUOTE_SCALE, size, SIZE_SCALE } from '#shared/money/units.ts';
import type { PlaceOrderRequest } from '#shared/protocol/orders.ts';
import { chaosSymbol, executionsOf, type OrderReference, orderFindings, projectionFindings } from './agreement.ts';
import { differs, type Scene } from './scene.ts';
import { calmPriceUsd } from './stack/exchange.ts';
import { createWallet } from '../../examples/wallet.ts';
import { untilAnswered } from './trader.ts';

/** One thing a trader does, or that happens to him, and how one sees that it happened once. */
export interface Operation {
  readonly name: string;
  /** What must be there before, without faults. */
  prepare?(scene: Scene): Promise<void>;
  /** Does it; the client asks until it is answered. Answers what names everything that does not agree afterwards. */
  run(scene: Scene): Promise<() => Promise<readonly string[]>>;
}

const expiryMs = 4_000;
/** Longer than a market and an order take together from a price to its order. */
const lateTriggerMs = 2_500;

const usd = (value: number): Price => price((BigInt(Math.round(value * 10_000)) * PRICE_SCALE) / 10_000n);

const marketBuy = {
  symbol: chaosSymbol,
  side: 'buy',
  order_type: 'market',
  quantity: size(2n * SIZE_SCALE),
  leverage: 1_000,
  reduce_only: false,
  time_in_force: 'gtc',
} as const satisfies PlaceOrderRequest;

/** Places an order until there is an answer, with one key and one id of the client's. */
async function place({ trader }: Scene, order: PlaceOrderRequest): Promise<OrderReference> {
  const key = newIdempotencyKey();
  const clientOrderId = randomUUID();
  const placed = await untilAnswered(() =>
    trader.client.orders.place({ ...order, client_order_id: clientOrderId }, key),
  );
  return { key, clientOrderId, orderId: placed.order_id };
}

const findingsOf =
  (scene: Scene, reference: OrderReference, stages: Parameters<typeof orderFindings>[2] = ['filled']) =>
  async (): Promise<readonly string[]> => {
    const ends = scene.mayReject ? [...stages, 'rejected' as const] : stages;
    const order = await orderFindings(scene, reference, ends);
    return order.length > 0 ? order : projectionFindings(scene);
  };

/** Places a market order and waits for its fill. */
async function openPosition(scene: Scene, order: Partial<PlaceOrderRequest> = {}): Promise<void> {
  const reference = await place(scene, { ...marketBuy, ...order } as PlaceOrderRequest);
  await untilStage(scene, reference.orderId, 'filled');
}

async function untilStage({ trader }: Scene, orderId: string, stage: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const order = await untilAnswered(() => trader.client.orders.get(orderId));
    if (order.stage === stage) return;
    if (Date.now() > deadline) throw new Error(`the order stays ${order.stage}: ${order.error?.message ?? ''}`);
    await sleep(100);
  }
}

/** Rests an order in the market's book: its first message to the market has been answered. */
async function rest(scene: Scene, order: PlaceOrderRequest): Promise<OrderReference> {
  const reference = await place(scene, order);
  await untilStage(scene, reference.orderId, 'resting');
  return reference;
}

const placeMarket: Operation = {
  name: 'market order',
  run: async (scene) => findingsOf(scene, await place(scene, marketBuy)),
};

const placeLimit: Operation = {
  name: 'limit that triggers',
  async run(scene) {
    const limit = calmPriceUsd - 1;
    const order = { ...marketBuy, order_type: 'limit', price: usd(limit) } as const;
    const reference = await rest(scene, order);
    scene.exchange.setPrice(limit - 1);
    return findingsOf(scene, reference);
  },
};

const stopTrigger: Operation = {
  name: 'stop that triggers',
  prepare: (scene) => openPosition(scene),
  async run(scene) {
    const stop = calmPriceUsd - 1;
    const order = { ...marketBuy, side: 'sell', order_type: 'stop', stop_price: usd(stop), reduce_only: true } as const;
    const reference = await rest(scene, order);
    scene.exchange.setPrice(stop - 0.5);
    return findingsOf(scene, reference);
  },
};

const cancelRace: Operation = {
  name: 'cancel against trigger',
  async run(scene) {
    const limit = calmPriceUsd - 1;
    const reference = await rest(scene, { ...marketBuy, order_type: 'limit', price: usd(limit) });
    scene.exchange.setPrice(limit - 1);
    // The price has been first, and the exchange is at work on it.
    await scene.untilReached();
    // Refused where the trigger was faster: then the order follows its own course.
    await untilAnswered(() => scene.trader.client.orders.cancel(reference.orderId)).catch(() => undefined);
    return findingsOf(scene, reference, ['filled', 'cancelled']);
  },
};

const cancel: Operation = {
  name: 'cancel',
  async run(scene) {
    const limit = calmPriceUsd - 1;
    const reference = await rest(scene, { ...marketBuy, order_type: 'limit', price: usd(limit) });
    await untilAnswered(() => scene.trader.client.orders.cancel(reference.orderId));
    // The price comes by all the same.
    scene.exchange.setPrice(limit - 1);
    await sleep(lateTriggerMs);
    return findingsOf(scene, reference, ['cancelled']);
  },
};

/** The order is changed while it rests: the market knows the new price alone. */
const amend: Operation = {
  name: 'amend, then trigger',
  async run(scene) {
    const { exchange, trader } = scene;
    const [before, after] = [calmPriceUsd - 4, calmPriceUsd - 1];
    const reference = await rest(scene, { ...marketBuy, order_type: 'limit', price: usd(before) });
    await trader.amend(reference.orderId, { price: String(after) });
    exchange.setPrice(after - 1);
    const find = findingsOf(scene, reference);
    return async () => {
      const order = await trader.client.orders.get(reference.orderId);
      return [...differs('price', order.price, usd(after)), ...(await find())];
    };
  },
};

/** A position with a take-profit and a stop-loss: one closes it, the other is cancelled though its price comes too. */
const exits: Operation = {
  name: 'exits, one cancels the other',
  async run(scene) {
    const { exchange, trader } = scene;
    const [profit, loss] = [calmPriceUsd + 2, calmPriceUsd - 4];
    const entry = await place(scene, { ...marketBuy, take_profit: usd(profit), stop_loss: usd(loss) });
    await untilStage(scene, entry.orderId, 'filled');
    const taking = await exitOf(scene, entry, 'take_profit');
    const stopping = await exitOf(scene, entry, 'stop_loss');
    exchange.setPrice(profit + 0.5);
    await untilStage(scene, taking, 'filled');
    exchange.setPrice(loss - 0.5);
    await sleep(lateTriggerMs);
    return async () => {
      const events = await exchange.chain.eventsOf(trader.address);
      const held = await exchange.chain.position(trader.address, chaosSymbol);
      const stopped = await trader.client.orders.get(stopping);
      return [
        ...(await findingsOf(scene, entry)()),
        ...differs('executions of the take-profit', executionsOf(events, taking).length, 1),
        ...differs('executions of the stop-loss', executionsOf(events, stopping).length, 0),
        ...differs('the stop-loss', stopped.stage, 'cancelled'),
        ...differs('position', held?.state.size, 0n),
      ];
    };
  },
};

/** The exit of an order, once it rests. */
async function exitOf({ trader }: Scene, entry: OrderReference, kind: 'take_profit' | 'stop_loss'): Promise<string> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const { items } = await untilAnswered(() => trader.client.orders.list());
    const exit = items.find((order) => order.parent_order_id === entry.orderId && order.exit_kind === kind);
    if (exit?.stage === 'resting') return exit.order_id;
    if (Date.now() > deadline) throw new Error(`the ${kind} is ${exit?.stage ?? 'missing'}`);
    await sleep(100);
  }
}

const close: Operation = {
  name: 'close',
  prepare: (scene) => openPosition(scene),
  async run(scene) {
    const { client } = scene.trader;
    const [held] = await untilAnswered(() => client.positions.list());
    if (held === undefined) throw new Error('there is no position to close');
    const key = newIdempotencyKey();
    const order = await untilAnswered(() => client.positions.close(held.id, key));
    return findingsOf(scene, { key, clientOrderId: null, orderId: order.order_id });
  },
};

const transferAmount = quote(7n * QUOTE_SCALE);

const deposit: Operation = {
  name: 'deposit',
  async run(scene) {
    const signature = await scene.trader.submit({ action: 'deposit', params: { amount: transferAmount } });
    return transferFindings(scene, 'collateralDeposited', signature);
  },
};

const withdraw: Operation = {
  name: 'withdrawal',
  async run(scene) {
    const signature = await scene.trader.submit({ action: 'withdraw', params: { amount: transferAmount } });
    return transferFindings(scene, 'collateralWithdrawn', signature);
  },
};

const transferFindings = (scene: Scene, name: string, signature: string) => async (): Promise<readonly string[]> => {
  const { exchange, trader } = scene;
  const events = await exchange.chain.eventsOf(trader.address);
  const moved = events.filter((event) => event.name === name && event.data['amount' as never] === transferAmount);
  const account = await exchange.chain.account(trader.address);
  const balance = await trader.client.account.balance();
  return [
    ...differs(`${name} on chain`, moved.length, 1),
    ...differs('its transaction', moved[0]?.signature, signature),
    ...differs('collateral by REST', balance.available_balance, account?.collateral),
    ...(await projectionFindings(scene)),
  ];
};

/** A request by the wallet alone, which the event, the queue and its consumer see through. */
const requestClose: Operation = {
  name: 'request to close',
  prepare: (scene) => openPosition(scene),
  async run(scene) {
    const { exchange, trader } = scene;
    await trader.submit({ action: 'request_close', params: { symbol: chaosSymbol } });
    return async () => {
      const events = await exchange.chain.eventsOf(trader.address);
      const held = await exchange.chain.position(trader.address, chaosSymbol);
      const closes = events.filter(({ name }) => name === 'positionReduced').length;
      return [
        ...differs('closes on chain', closes, 1),
        ...differs('position', held?.state.size, 0n),
        ...(await projectionFindings(scene)),
      ];
    };
  },
};

/** Test money into a wallet that has none. */
const faucet: Operation = {
  name: 'faucet',
  async run({ exchange, trader }) {
    const { address } = createWallet();
    const drop = await untilAnswered(() => trader.client.account.faucet(address));
    return async () => differs('test USDC', await exchange.chain.usdcOf(address), drop.usdc as bigint);
  },
};

/** A limit that is good till a time which comes before its price. */
const expire: Operation = {
  name: 'expiry',
  async run(scene) {
    const limit = calmPriceUsd - 1;
    const expiresAt = new Date(Date.now() + expiryMs).toISOString();
    const order = { ...marketBuy, order_type: 'limit', price: usd(limit), time_in_force: 'gtt' } as const;
    const reference = await place(scene, { ...order, expires_at: expiresAt });
    await untilStage(scene, reference.orderId, 'expired');
    scene.exchange.setPrice(limit - 1);
    await sleep(lateTriggerMs);
    return findingsOf(scene, reference, ['expired']);
  },
};

/** 20× long: some 4 % below the entry its margin no longer covers the maintenance margin. */
const liquidation: Operation = {
  name: 'liquidation',
  prepare: (scene) => openPosition(scene, { quantity: size(20n * SIZE_SCALE), leverage: 2_000 }),
  async run(scene) {
    const { exchange, trader } = scene;
    exchange.setPrice(calmPriceUsd * 0.958);
    return async () => {
      const events = await exchange.chain.eventsOf(trader.address);
      const liquidated = events.filter((event) => event.name === 'positionLiquidated');
      return [
        ...differs('liquidations on chain', liquidated.length, 1),
        ...(await projectionFindings(scene)),
        ...scene.channel.gaps,
      ];
    };
  },
};

const all = {
  placeMarket,
  placeLimit,
  stopTrigger,
  cancelRace,
  cancel,
  amend,
  exits,
  close,
  deposit,
  withdraw,
  requestClose,
  faucet,
  expire,
  liquidation,
} as const;
export type OperationName = keyof typeof all;
export const operations: Readonly<Record<OperationName, Operation>> = all;
