import { sql } from 'drizzle-orm';
import { pgPolicy, pgRole } from 'drizzle-orm/pg-core';

/** Reads the rows of the transaction's user. */
export const appUser = pgRole('app_user').existing();
/** Writes what the transaction's user intends: sign-in, orders, alerts. */
export const appWriter = pgRole('app_writer').existing();
/** Writes what follows from the chain, for every user. */
export const projector = pgRole('projector').existing();

/**
 * The projector's policies hold for a transaction that took its role, not for everybody who may take it: an owner inherits the
 * privileges of the roles it was granted, and with them their policies.
 */
export const isProjector = sql`current_user = 'projector'`;

/** The writer bound to no user: what operators do. */
export const isOperator = sql`current_user = 'app_writer' AND auth.uid() IS NULL`;

/** The projector sees and writes every row of what it projects; its grants say which columns and commands. */
export const projectorPolicy = (what: string) =>
  pgPolicy(`Projector writes ${what}`, { for: 'all', to: projector, using: isProjector, withCheck: isProjector });
