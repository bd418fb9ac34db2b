import { and, desc, eq } from 'drizzle-orm';
import type { Quote } from '#shared/money/units.ts';
import type { Database } from '../client.ts';
import { fundingPayments } from '../schema/funding-payments.ts';
import { transfers } from '../schema/transfers.ts';
import { afterSeq, afterTime } from './keyset.ts';
import { pageOf, pageRows, placeOf } from './page.ts';
import type { Page, PageRequest } from './page.ts';

export type TransferKind = 'deposit' | 'withdrawal' | 'liquidation_reward' | 'payout';

export type TransferStatus = 'done' | 'queued' | 'returned' | 'cancelled';

/** Money in or out of the user's free collateral. */
export interface TransferRecord {
  readonly id: string;
  readonly kind: TransferKind;
  readonly status: TransferStatus;
  readonly amount: Quote;
  /** Of the amount, what has moved. */
  readonly paid: Quote;
  /** Free collateral afterwards. */
  readonly collateral: Quote;
  readonly transactionHash: string;
  readonly createdAtMs: number;
  readonly accountSeq: bigint;
}

/** Funding and borrow realised into a position's margin. */
export interface FundingPaymentRecord {
  readonly id: string;
  readonly positionId: string;
  readonly symbol: string;
  /** Owed; negative where received. */
  readonly funding: Quote;
  readonly borrow: Quote;
  readonly transactionHash: string;
  readonly createdAtMs: number;
  /** Null for a settlement. */
  readonly accountSeq: bigint | null;
  readonly positionSeq: bigint;
}

export interface FundingFilter extends PageRequest {
  readonly symbol?: string | undefined;
}

export interface TransferRepository {
  list(userId: string, page: PageRequest): Promise<Page<TransferRecord>>;
  fundingPayments(userId: string, filter: FundingFilter): Promise<Page<FundingPaymentRecord>>;
}

export function createTransferRepository(database: Database): TransferRepository {
  return {
    async list(userId, page) {
      const limit = pageRows(page);
      const [rows] = await database.transaction({ role: 'app_user', userId }, (orm) => [
        orm
          .select()
          .from(transfers)
          .where(and(eq(transfers.userId, userId), afterSeq(transfers.accountSeq, placeOf(page.cursor))))
          .orderBy(desc(transfers.accountSeq))
          .limit(limit + 1),
      ]);
      const records = rows.map(({ kind, status, createdAt, userId: _userId, ...same }): TransferRecord => {
        return {
          ...same,
          kind: kind as TransferKind,
          status: status as TransferStatus,
          createdAtMs: createdAt.getTime(),
        };
      });
      return pageOf(records, limit, (record) => ({ order: record.accountSeq, id: null }));
    },

    async fundingPayments(userId, filter) {
      const limit = pageRows(filter);
      const conditions = [
        eq(fundingPayments.userId, userId),
        filter.symbol === undefined ? undefined : eq(fundingPayments.marketSymbol, filter.symbol),
        afterTime(fundingPayments.createdAt, fundingPayments.id, placeOf(filter.cursor)),
      ];
      const [rows] = await database.transaction({ role: 'app_user', userId }, (orm) => [
        orm
          .select()
          .from(fundingPayments)
          .where(and(...conditions))
          .orderBy(desc(fundingPayments.createdAt), desc(fundingPayments.id))
          .limit(limit + 1),
      ]);
      const records = rows.map(({ marketSymbol, createdAt, userId: _userId, ...same }): FundingPaymentRecord => {
        return { ...same, symbol: marketSymbol, createdAtMs: createdAt.getTime() };
      });
      return pageOf(records, limit, (record) => ({ order: BigInt(record.createdAtMs), id: record.id }));
    },
  };
}
