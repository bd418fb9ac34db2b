import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import type { Chain } from './chain.ts';
import type { ChainProposal } from './governance.ts';
import { encodeChange, type GovernedChange } from './governed-change.ts';

type ChainAccess = Pick<Chain, 'addresses' | 'instructions'>;

/** Announces a change as the proposal `id`, which is the number of proposals made so far; the admin pays its rent. */
export function proposeChange(
  chain: ChainAccess,
  admin: PublicKey,
  id: number,
  change: GovernedChange,
): TransactionInstruction {
  const proposal = chain.addresses.proposal(id);
  const accounts = { admin, payer: admin, proposal, ...holders(chain, change) };
  return chain.instructions.role('propose_change', accounts, { change: encodeChange(change) });
}

/** Withdraws a proposal. */
export function cancelChange(
  chain: ChainAccess,
  authority: PublicKey,
  { id, rentPayer }: Pick<ChainProposal, 'id' | 'rentPayer'>,
): TransactionInstruction {
  const accounts = { proposal: chain.addresses.proposal(id), rent_payer: rentPayer, authority };
  return chain.instructions.role('cancel_change', accounts, null);
}

/** Puts a proposal in force, by anyone; new parameters need a market that was settled just before. */
export function executeChange(
  chain: ChainAccess,
  { id, change, rentPayer }: Pick<ChainProposal, 'id' | 'change' | 'rentPayer'>,
): TransactionInstruction[] {
  const config = change.kind === 'market_config' ? change.symbol : null;
  const accounts = {
    ...{ proposal: chain.addresses.proposal(id), rent_payer: rentPayer, ...holders(chain, change) },
    pool: config === null ? null : chain.addresses.pool,
  };
  const execute = chain.instructions.role('execute_change', accounts, null);
  return [...(config === null ? [] : [chain.instructions.settleMarket(config)]), execute];
}

/** The accounts that hold what a change replaces. */
const holders = ({ addresses }: ChainAccess, { kind, symbol }: GovernedChange) => ({
  market: symbol === null ? null : addresses.market(symbol),
  outflow: kind === 'outflow_limits' ? addresses.outflow : null,
  insurance: kind === 'insurance_topup' ? addresses.insurance : null,
});
