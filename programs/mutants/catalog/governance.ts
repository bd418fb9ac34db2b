import type { Mutant } from '../mutant.ts';

const tests = ['program/matrix/matrix.test.ts'];

/** Roles with more power, and a vault with a wider door, than they should have. */
export const governance: readonly Mutant[] = [
  {
    name: 'outflow-not-counted',
    breaks: 'what leaves the vault counts against its limit',
    file: 'instructions/common/outflow.rs',
    find: 'outflow.used = add_u64(outflow.used, amount)?;',
    replace: 'outflow.used = add_u64(outflow.used, amount.min(0))?;',
    tests: ['program/outflow.test.ts'],
  },
  {
    name: 'outflow-twice-across-a-boundary',
    breaks: 'no window, wherever it starts, lets out more than the limit',
    file: 'instructions/common/outflow.rs',
    find: 'Ok(outflow.cap.saturating_sub(used))',
    replace: 'Ok(outflow.cap.saturating_sub(used.min(outflow.used)))',
    tests: ['program/outflow.test.ts'],
  },
  {
    name: 'time-lock-not-enforced',
    breaks: 'a proposed change waits the time lock',
    file: 'instructions/execute_change.rs',
    find: 'require!(now >= proposal.executable_from, PerpError::ProposalTooEarly);',
    replace: '',
    tests,
  },
  {
    name: 'proposal-never-expires',
    breaks: 'a proposal nobody executed lapses',
    file: 'instructions/execute_change.rs',
    find: 'require!(now <= proposal.executable_to, PerpError::ProposalExpired);',
    replace: '',
    tests,
  },
  {
    name: 'stale-proposal-executed',
    breaks: 'a proposal replaces only what stood when it was made',
    file: 'instructions/execute_change.rs',
    find: 'require!(stands == proposal.before, PerpError::StaleProposal);',
    replace: 'let _ = stands;',
    tests,
  },
  {
    name: 'durable-nonce-accepted',
    breaks: 'what a role signed cannot wait in a drawer',
    file: 'instructions/common/durable_nonce.rs',
    find: 'require!(!advances, PerpError::DurableNonce);',
    replace: 'let _ = advances;',
    tests,
  },
  {
    name: 'anyone-is-admin',
    breaks: 'only the admin names an admin, adds keepers and ends pauses',
    file: 'instructions/manage_exchange.rs',
    find: 'self.exchange.admin,\n            PerpError::NotAdmin',
    replace: 'self.authority.key(),\n            PerpError::NotAdmin',
    tests,
  },
  {
    name: 'admin-at-once',
    breaks: 'a new admin waits the time lock',
    file: 'instructions/manage_exchange.rs',
    find: 'require!(unlocked, PerpError::TimeLocked);',
    replace: 'let _ = unlocked;',
    tests,
  },
  {
    name: 'tightening-loosens',
    breaks: 'what is immediate only tightens',
    file: 'instructions/manage_market.rs',
    find: 'require!(args.is_tighter_than(&before), PerpError::NotTighter);',
    replace: '',
    tests,
  },
  {
    name: 'risk-manager-loosens-status',
    breaks: 'the risk manager sets only a stricter status',
    file: 'instructions/manage_market.rs',
    find: 'require!(allowed, PerpError::NotTighter);',
    replace: 'let _ = allowed;',
    tests,
  },
];
