import * as z from 'zod';
import { presentBalance } from '#shared/protocol/present/balance.ts';
import { presentOrder } from '#shared/protocol/present/order.ts';
import { presentPositions } from '#shared/protocol/present/position.ts';
import { presentRiskAlert } from '#shared/protocol/present/risk-alert.ts';
import { type AccountChannel, accountClientMessageSchema, channelSchemas } from '#shared/protocol/ws.ts';
import type { MarketSnapshot } from '../market/contract.ts';
import type { Clock } from '../platform/clock.ts';
import { type AuthAnswer, SocketHub, type SocketPlatform } from '../platform/fan-out/socket-hub.ts';
import { StoredChannelLog } from '../platform/fan-out/stored-channel-log.ts';
import { newId } from '../platform/ids.ts';
import type { Logger } from '../platform/logger.ts';
import { firstRow, rows } from '../platform/sql.ts';
import type { AccountView, RiskAlert } from './contract.ts';
import type { StoredOrder } from './order-machine.ts';
import type { OrderStore } from './order-store.ts';

/** Table the object's migrations must contain. */
export const ALERTS_TABLE = `
  CREATE TABLE risk_alerts (id TEXT PRIMARY KEY, created_ms INTEGER NOT NULL, alert TEXT NOT NULL);
`;

/** Orders and alerts of a snapshot. */
const snapshotOrdersMax = 100;
const alertsKeptMax = 100;

export interface AccountStreamOptions {
  readonly storage: DurableObjectStorage;
  readonly platform: SocketPlatform;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly orders: OrderStore;
  readonly view: () => AccountView;
  /** The market as last heard of; null when it was not heard of yet. */
  readonly marketOf: (symbol: string) => MarketSnapshot | null;
  readonly authenticate: (token: string) => Promise<AuthAnswer>;
  /** Whether a session was neither ended nor expired. */
  readonly isStanding: (sessionId: string) => boolean;
}

/** The private channels of one account. `record…` belongs inside the transaction of the state it tells about; `flush` follows it. */
export class AccountStream {
  readonly hub: SocketHub;
  readonly #options: AccountStreamOptions;

  constructor(options: AccountStreamOptions) {
    this.#options = options;
    const { clock, logger, platform, authenticate, isStanding, storage } = options;
    this.hub = new SocketHub({
      clock,
      logger,
      platform,
      log: new StoredChannelLog(storage, newId),
      schema: accountClientMessageSchema,
      snapshot: (channel) => this.#snapshot(channel as AccountChannel),
      authenticate,
      isStanding,
      newId,
    });
  }

  recordOrder(order: StoredOrder): void {
    this.hub.record('orders', z.encode(channelSchemas.orders.update, presentOrder(order)));
  }

  /** Positions and balance change together, with every event of the account. */
  recordPortfolio(): void {
    this.hub.record('positions', this.#snapshot('positions'));
    this.hub.record('balance', this.#snapshot('balance'));
  }

  /** Channels that are read later hold no warning of before. */
  forgetAlerts(): void {
    this.#options.storage.sql.exec('DELETE FROM risk_alerts');
  }

  /** Stores an alert once per id. False: it was known. */
  recordAlert(alert: RiskAlert): boolean {
    const { sql } = this.#options.storage;
    if (firstRow(sql, 'SELECT 1 AS found FROM risk_alerts WHERE id = ?', alert.id) !== null) return false;
    sql.exec(
      'INSERT INTO risk_alerts (id, created_ms, alert) VALUES (?, ?, ?)',
      alert.id,
      alert.createdAtMs,
      JSON.stringify(alert),
    );
    sql.exec(
      'DELETE FROM risk_alerts WHERE id IN (SELECT id FROM risk_alerts ORDER BY created_ms DESC, id LIMIT -1 OFFSET ?)',
      alertsKeptMax,
    );
    this.hub.record('risk', z.encode(channelSchemas.risk.update, presentRiskAlert(alert)));
    return true;
  }

  alert(id: string): RiskAlert | null {
    const row = firstRow<{ alert: string }>(
      this.#options.storage.sql,
      'SELECT alert FROM risk_alerts WHERE id = ?',
      id,
    );
    return row === null ? null : (JSON.parse(row.alert) as RiskAlert);
  }

  flush(): void {
    this.hub.flush();
  }

  #snapshot(channel: AccountChannel): unknown {
    const { clock, marketOf, orders, view } = this.#options;
    switch (channel) {
      case 'orders':
        return z.encode(channelSchemas.orders.snapshot, latestOrders(orders).map(presentOrder));
      case 'positions':
        return z.encode(channelSchemas.positions.snapshot, presentPositions(view(), marketOf, clock.nowMs()));
      case 'balance':
        return z.encode(channelSchemas.balance.snapshot, presentBalance(view(), marketOf));
      case 'risk':
        return z.encode(channelSchemas.risk.snapshot, this.#alerts().map(presentRiskAlert));
    }
  }

  #alerts(): RiskAlert[] {
    const query = 'SELECT alert FROM risk_alerts ORDER BY created_ms DESC, id';
    return rows<{ alert: string }>(this.#options.storage.sql, query).map((row) => JSON.parse(row.alert) as RiskAlert);
  }
}

/** Unfinished orders and the latest finished ones, newest first. */
function latestOrders(orders: OrderStore): StoredOrder[] {
  const latest = orders.page({ status: null, symbol: null, limit: snapshotOrdersMax, cursor: null })
    .orders as StoredOrder[];
  const shown = new Set(latest.map((order) => order.orderId));
  const older = orders.open().filter((order) => !shown.has(order.orderId));
  return [...latest, ...older.reverse()];
}
