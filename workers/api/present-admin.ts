import type { AdminAction } from '#db/repositories/admin-actions.ts';
import type { DeadLetter } from '#db/repositories/dead-letters.ts';
import type { RiskEvent } from '#db/repositories/risk-events.ts';
import type { UserRecord } from '#db/repositories/users.ts';
import type { AdminUserDto } from '#shared/protocol/admin.ts';
import { marketOperationSchema } from '#shared/protocol/market.ts';
import { timestampOf, timestampOrNull } from '#shared/protocol/present/fields.ts';
import type { ProposalDto } from '#shared/protocol/governance.ts';
import type { ChainProposal } from '../chain/governance.ts';
import { differences } from '../chain/governed-change.ts';
import type { MarketSwitches } from '../market/contract.ts';
import { presentUser } from './user-session.ts';

export const presentAdminUser = (user: UserRecord): AdminUserDto => ({
  ...presentUser(user),
  is_active: user.isActive,
});

export const presentDeadLetter = (letter: DeadLetter) => ({
  id: letter.id,
  queue: letter.queue,
  message_id: letter.messageId,
  body: letter.body,
  error: letter.error,
  attempts: letter.attempts,
  status: letter.status,
  created_at: timestampOf(letter.createdAtMs),
  settled_at: timestampOrNull(letter.replayedAtMs),
});

/** Every operation a market has, in their order, with who switched it off and why. */
export const presentSwitches = (switches: MarketSwitches) =>
  marketOperationSchema.options.map((operation) => {
    const off = switches[operation];
    return {
      operation,
      off: off !== undefined,
      by: off?.by ?? null,
      reason: off?.reason ?? null,
      since: timestampOrNull(off?.sinceMs ?? null),
    };
  });

export const presentRiskEvent = (event: RiskEvent) => ({
  id: event.id,
  kind: event.kind,
  symbol: event.symbol,
  severity: event.severity,
  message: event.message,
  details: { ...event.details },
  created_at: timestampOf(event.createdAtMs),
  resolved_at: timestampOrNull(event.resolvedAtMs),
});

export const presentAdminAction = (action: AdminAction) => ({
  id: action.id,
  admin_wallet: action.adminWallet,
  action: action.action,
  target: action.target,
  details: { ...action.details },
  request_id: action.requestId,
  created_at: timestampOf(action.createdAtMs),
});

/** A proposal with what it replaces, and what can be done with it now. */
export function presentProposal(proposal: ChainProposal, nowMs: number): ProposalDto {
  const { id, before, change, proposedAt, executableFrom, executableTo } = proposal;
  const now = Math.floor(nowMs / 1_000);
  const state = now < executableFrom ? 'waiting' : now <= executableTo ? 'executable' : 'expired';
  return {
    proposal_id: id,
    kind: change.kind,
    symbol: change.symbol,
    state,
    proposed_at: timestampOf(proposedAt * 1_000),
    executable_from: timestampOf(executableFrom * 1_000),
    executable_to: timestampOf(executableTo * 1_000),
    changes: differences(before, change),
  };
}
