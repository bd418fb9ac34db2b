import { newId } from '../platform/ids.ts';
import type { Session } from '../account/access-token.ts';
import type { ApiContext, Services } from './context.ts';

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

/** Keeps who did what, by which request. Before the answer, always: nothing of operators goes unrecorded. @throws DatabaseUnavailable */
export async function recordDeed(
  services: Services,
  context: ApiContext,
  session: Session,
  deed: AdminDeed,
): Promise<void> {
  await services.repositories.adminActions.create({
    id: newId(),
    adminWallet: session.wallet,
    action: deed.action,
    target: deed.target,
    details: deed.details,
    requestId: context.get('requestId'),
    createdAtMs: services.clock.nowMs(),
  });
}
