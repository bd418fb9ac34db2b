import type { AdminAction } from '#db/repositories/admin-actions.ts';
import type { Session } from '../account/access-token.ts';
import { failpoint } from '../platform/failpoint.ts';
import { newId } from '../platform/ids.ts';
import { withTimeout } from '../platform/retry.ts';
import type { ApiContext, Services } from './context.ts';
import { refused } from './errors.ts';

/** What operators do, and traders with their own data, by the name it is kept under. */
export type AdminActionName =
  | 'users.erase'
  | 'transactions.build'
  | 'users.change'
  | 'dead-letters.replay'
  | 'dead-letters.discard'
  | 'markets.switch';

export interface AdminDeed {
  readonly action: AdminActionName;
  /** A wallet, a market, the id of a row. */
  readonly target: string;
  /** JSON values. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** How long a deed of an emergency is offered to the database before the operator's own object keeps it. */
const databaseWaitMsMax = 1_500;

/** Keeps who does what, by which request. Before it is done, always: nothing of operators goes unrecorded. @throws DatabaseUnavailable */
export async function recordDeed(
  services: Services,
  context: ApiContext,
  session: Session,
  deed: AdminDeed,
): Promise<void> {
  await services.repositories.adminActions.create(actionOf(services, context, session, deed));
  await failpoint('deed.recorded', session.wallet);
}

/**
 * As `recordDeed`, for what must be possible while the database is away: then the operator's own object keeps the entry, and hands it over when the
 * database is back. The same id in both places is one entry.
 *
 * @throws RefusedError SYSTEM_002 where neither takes it: nothing may be done then.
 */
export async function recordUrgentDeed(
  services: Services,
  context: ApiContext,
  session: Session,
  deed: AdminDeed,
): Promise<void> {
  const action = actionOf(services, context, session, deed);
  try {
    await withTimeout(() => services.repositories.adminActions.create(action), databaseWaitMsMax);
  } catch (error) {
    context.get('logger').warn('the record of an operator waits for the database', { error, action: deed.action });
    await services
      .account(session.wallet)
      .keepDeed(action)
      .catch((cause: unknown) => {
        context.get('logger').error('deed not recorded', { error: cause, action: deed.action, target: deed.target });
        throw refused('SYSTEM_002', 'Nothing was done: the record of it cannot be written. Repeat this.', {
          retryAfterSeconds: 2,
        });
      });
  }
  await failpoint('deed.recorded', session.wallet);
}

const actionOf = (services: Services, context: ApiContext, session: Session, deed: AdminDeed): AdminAction => ({
  id: newId(),
  adminWallet: session.wallet,
  action: deed.action,
  target: deed.target,
  details: deed.details,
  requestId: context.get('requestId'),
  createdAtMs: services.clock.nowMs(),
});
