import { sql } from 'drizzle-orm';
import { boolean, check, index, jsonb, pgPolicy, pgTable, text, unique, uuid, varchar } from 'drizzle-orm/pg-core';
import { moment } from './columns.ts';
import { appWriter, isOperator, isProjector, projector } from './roles.ts';

/** Traders, by wallet. `id` is uuidv5 of the wallet, so that every writer makes the same row. */
export const users = pgTable(
  'users',
  {
    id: uuid('id')
      .primaryKey()
      .default(sql`uuid_generate_v4()`),
    walletAddress: varchar('wallet_address', { length: 44 }).notNull(),
    /** Written by versions before `email_sealed` alone; the sweep seals and empties it. */
    email: varchar('email', { length: 255 }),
    createdAt: moment('created_at').defaultNow(),
    lastLogin: moment('last_login'),
    tradingPreferences: jsonb('trading_preferences').default({}),
    kycStatus: varchar('kyc_status', { length: 20 }).default('pending'),
    riskLevel: varchar('risk_level', { length: 20 }).default('moderate'),
    isActive: boolean('is_active').default(true),
    updatedAt: moment('updated_at').defaultNow(),
    /** The address under a key of PERSONAL_DATA_KEYS, bound to this row (workers/platform/personal-data.ts). */
    emailSealed: text('email_sealed'),
    /** Which key. */
    emailKeyId: varchar('email_key_id', { length: 20 }),
    /** What keeps addresses unique without showing them. */
    emailDigest: varchar('email_digest', { length: 64 }),
  },
  (table) => [
    unique('users_wallet_address_key').on(table.walletAddress),
    unique('users_email_key').on(table.email),
    unique('users_email_digest_key').on(table.emailDigest),
    check('users_email_sealed_check', sql`(email_sealed IS NULL) = (email_key_id IS NULL)`),
    check('users_kyc_status_check', sql`kyc_status IN ('pending', 'verified', 'rejected')`),
    check('users_risk_level_check', sql`risk_level IN ('conservative', 'moderate', 'aggressive')`),
    index('idx_users_wallet_address').on(table.walletAddress),
    index('idx_users_email').on(table.email),
    index('idx_users_created_at').on(table.createdAt),
    index('idx_users_email_key_id')
      .on(table.emailKeyId)
      .where(sql`email_key_id IS NOT NULL`),
    pgPolicy('Users can view own data', { for: 'select', using: sql`auth.uid() = id` }),
    pgPolicy('Users can update own data', { for: 'update', using: sql`auth.uid() = id` }),
    pgPolicy('Writer can insert the signed-in user', { for: 'insert', to: appWriter, withCheck: sql`auth.uid() = id` }),
    pgPolicy('Operators can view users', { for: 'select', to: appWriter, using: isOperator }),
    pgPolicy('Projector can view users', { for: 'select', to: projector, using: isProjector }),
    pgPolicy('Projector can insert users', { for: 'insert', to: projector, withCheck: isProjector }),
  ],
);
