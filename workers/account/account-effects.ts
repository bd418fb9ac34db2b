import { createDatabase } from '#db/client.ts';
import { type AdminAction, createAdminActionRepository } from '#db/repositories/admin-actions.ts';
import { createOrderRepository } from '#db/repositories/orders.ts';
import { createRiskAlertRepository } from '#db/repositories/risk-alerts.ts';
import { isMarketSymbol, type MarketSymbol } from '#shared/markets.ts';
import { type Env, readSettings } from '../env.ts';
import type { MarketRpc } from '../market/contract.ts';
import { failpoint } from '../platform/failpoint.ts';
import { userIdOf } from '../platform/ids.ts';
import type { Outbox } from '../platform/outbox.ts';
import type { AccountStream } from './account-stream.ts';
import type { Executor } from './executor.ts';
import { type OrderLedger, TOPIC } from './order-ledger.ts';
import { restingTrigger } from './order-machine.ts';
import { bookFull } from './order-room.ts';
import type { OrderStore } from './order-store.ts';

/** Outbox topic of alerts on their way to the database. Payload: alert id. */
export const ALERT_TOPIC = 'alert';

/** Outbox topic of entries of the audit log on their way to the database. Payload: the entry, JSON. */
export const DEED_TOPIC = 'deed';

interface EffectParts {
  readonly env: Env;
  readonly outbox: Outbox;
  readonly store: OrderStore;
  readonly ledger: OrderLedger;
  readonly stream: AccountStream;
  readonly executor: Executor;
  readonly market: (symbol: MarketSymbol) => MarketRpc;
  readonly owner: string;
}

/** What the outbox does for each topic. Every effect reads the newest state and may run twice. */
export function registerEffects({ env, outbox, store, ledger, stream, executor, market, owner }: EffectParts): void {
  const settings = readSettings(env);
  const database = createDatabase({
    databaseUrl: settings.DATABASE_URL,
    httpEndpoint: settings.DATABASE_HTTP_ENDPOINT,
  });
  const orders = createOrderRepository(database);
  const alerts = createRiskAlertRepository(database);
  const deeds = createAdminActionRepository(database);
  outbox.on(TOPIC.execute, (row) => executor.run(row.payload));
  outbox.on(TOPIC.retry, async (row) => ledger.resume(row.payload));
  outbox.on(TOPIC.rest, async ({ payload: orderId }) => {
    const order = store.get(orderId);
    const trigger = order === null ? null : restingTrigger(order);
    if (order === null || order.stage !== 'resting' || trigger === null || !isMarketSymbol(order.symbol)) return;
    const { version, eligibleFrom: minPublishTime, reduceOnly } = order;
    const answer = await market(order.symbol).rest({ orderId, owner, version, minPublishTime, reduceOnly, ...trigger });
    await failpoint('rest.sent', owner);
    if (answer === 'resting') return;
    // What only reduces is not given up: it is tried again until there is room.
    if (reduceOnly) throw new Error(`${order.symbol} has no room for what reduces a position`);
    const { code, message } = bookFull(order.symbol);
    ledger.apply(orderId, { kind: 'reject', error: { code, message } }, version);
    ledger.publish();
  });
  outbox.on(TOPIC.unrest, async ({ key: orderId, payload: version }) => {
    const symbol = store.get(orderId)?.symbol;
    if (symbol !== undefined && isMarketSymbol(symbol)) await market(symbol).unrest(orderId, Number(version));
    await failpoint('unrest.sent', owner);
  });
  outbox.on(TOPIC.project, async ({ key: orderId }) => {
    const order = store.get(orderId);
    if (order !== null) await orders.upsert(order);
    await failpoint('order.projected', owner);
  });
  outbox.on(ALERT_TOPIC, async ({ payload: id }) => {
    const alert = stream.alert(id);
    if (alert !== null) await alerts.insert(userIdOf(owner), alert);
    await failpoint('alert.projected', owner);
  });
  outbox.on(DEED_TOPIC, ({ payload }) => deeds.create(JSON.parse(payload) as AdminAction));
}
