import { and, desc, eq } from 'drizzle-orm';
import type { RiskAlert } from '#shared/account-view.ts';
import type { Database } from '../client.ts';
import { riskAlerts } from '../schema/risk-alerts.ts';
import { afterTime } from './keyset.ts';
import { pageOf, pageRows, placeOf } from './page.ts';
import type { Page, PageRequest } from './page.ts';

export interface RiskAlertFilter extends PageRequest {
  readonly symbol?: string | undefined;
}

export interface RiskAlertRepository {
  /** Stores an alert of the user; the same id again changes nothing. */
  insert(userId: string, alert: RiskAlert): Promise<void>;
  list(userId: string, filter: RiskAlertFilter): Promise<Page<RiskAlert>>;
}

export function createRiskAlertRepository(database: Database): RiskAlertRepository {
  return {
    async insert(userId, { symbol, signature, createdAtMs, ...same }) {
      const row = {
        ...same,
        userId,
        marketSymbol: symbol,
        transactionHash: signature,
        createdAt: new Date(createdAtMs),
      };
      await database.transaction({ role: 'app_writer', userId }, (orm) => [
        orm.insert(riskAlerts).values(row).onConflictDoNothing(),
      ]);
    },

    async list(userId, filter) {
      const limit = pageRows(filter);
      const conditions = [
        eq(riskAlerts.userId, userId),
        filter.symbol === undefined ? undefined : eq(riskAlerts.marketSymbol, filter.symbol),
        afterTime(riskAlerts.createdAt, riskAlerts.id, placeOf(filter.cursor)),
      ];
      const [rows] = await database.transaction({ role: 'app_user', userId }, (orm) => [
        orm
          .select()
          .from(riskAlerts)
          .where(and(...conditions))
          .orderBy(desc(riskAlerts.createdAt), desc(riskAlerts.id))
          .limit(limit + 1),
      ]);
      return pageOf(rows.map(alertOf), limit, (alert) => ({ order: BigInt(alert.createdAtMs), id: alert.id }));
    },
  };
}

function alertOf(row: typeof riskAlerts.$inferSelect): RiskAlert {
  return {
    id: row.id,
    kind: row.kind as RiskAlert['kind'],
    symbol: row.marketSymbol,
    positionId: row.positionId,
    message: row.message,
    signature: row.transactionHash,
    createdAtMs: row.createdAt.getTime(),
  };
}
