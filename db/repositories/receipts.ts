import { and, asc, eq } from 'drizzle-orm';
import type { Database } from '../client.ts';
import { fills } from '../schema/fills.ts';
import type { Receipt } from '../schema/fills.ts';
import { liquidations } from '../schema/liquidations.ts';

export type { Receipt } from '../schema/fills.ts';

export interface ReceiptRepository {
  /** What the program's events said in a transaction about the user's trades and liquidations: all inputs and outputs. */
  find(userId: string, signature: string): Promise<readonly Receipt[]>;
}

export function createReceiptRepository(database: Database): ReceiptRepository {
  return {
    async find(userId, signature) {
      const [trades, ended] = await database.snapshot({ role: 'app_user', userId }, (orm) => [
        orm
          .select({ seq: fills.accountSeq, receipt: fills.receipt })
          .from(fills)
          .where(and(eq(fills.userId, userId), eq(fills.transactionHash, signature)))
          .orderBy(asc(fills.accountSeq)),
        orm
          .select({ seq: liquidations.accountSeq, receipt: liquidations.receipt })
          .from(liquidations)
          .where(and(eq(liquidations.userId, userId), eq(liquidations.transactionHash, signature)))
          .orderBy(asc(liquidations.accountSeq)),
      ]);
      return [...trades, ...ended].sort((a, b) => (a.seq < b.seq ? -1 : 1)).map(({ receipt }) => receipt);
    },
  };
}
