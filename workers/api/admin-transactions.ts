import { PublicKey, type TransactionInstruction } from '@solana/web3.js';
import { ok, refuse, type Result } from '#shared/protocol/error-codes.ts';
import { type AdminTransactionRequest, pausableOperations, type ProposedRequest } from '#shared/protocol/governance.ts';
import { timestampOf } from '#shared/protocol/present/fields.ts';
import type { Chain } from '../chain/chain.ts';
import { type ChainExchange, readExchange, readProposal, readStanding } from '../chain/governance.ts';
import { cancelChange, executeChange, proposeChange } from '../chain/change-instructions.ts';
import { differences, type GovernedChange } from '../chain/governed-change.ts';
import { computeBudget } from '../chain/instructions.ts';
import { readTransactionError } from '../chain/program-errors.ts';
import { buildTransaction, wireOf } from '../chain/transactions.ts';

const computeUnitsMax = 200_000;

export interface BuiltAdminTransaction {
  /** Base64, unsigned. */
  readonly transaction: string;
  readonly summary: string[];
  readonly last_valid_block_height: number;
}

interface RoleAction {
  readonly instructions: TransactionInstruction[];
  readonly summary: string[];
}

/**
 * What an operator's own wallet signs, pays for and sends itself: no key of the exchange is ever under a use of a role, and nobody but the holder
 * of the role can make one. Tried on the chain's present state first, so that what would fail is said before it is signed.
 * Refusals: AUTH_007 (the wallet has no such role on chain), AUTH_015, VALIDATION_001, and those of the program.
 *
 * @throws ChainUnavailable, AccountMalformed
 */
export async function buildAdminTransaction(
  chain: Chain,
  wallet: string,
  request: AdminTransactionRequest,
  nowMs: number,
): Promise<Result<BuiltAdminTransaction>> {
  const exchange = await readExchange(chain);
  if (!mayAct(exchange, wallet, request)) {
    return refuse(
      'AUTH_007',
      `On chain this wallet may not ${request.action}: that is for the role the program names.`,
    );
  }
  const action = await roleAction(chain, new PublicKey(wallet), exchange, request, nowMs);
  if (!action.ok) return action;
  const { instructions, summary } = action.value;
  const [latest, fee] = await Promise.all([chain.rpc.getLatestBlockhash(), chain.priorityFee()]);
  const all = [...computeBudget(computeUnitsMax, fee), ...instructions];
  const wire = wireOf(buildTransaction(all, new PublicKey(wallet), latest.blockhash));
  const tried = await chain.rpc.simulateTransaction(wire, false);
  const failure = readTransactionError(tried.err, tried.logs ?? []);
  if (failure !== null) return { ok: false, error: failure.refusal };
  return ok({ transaction: wire, summary, last_valid_block_height: latest.lastValidBlockHeight });
}

/** The roles of the program: the admin may do all of it, the risk manager what makes the exchange safer; executing is anyone's. */
function mayAct({ admin, riskManager }: ChainExchange, wallet: string, { action }: AdminTransactionRequest): boolean {
  if (action === 'execute_change' || wallet === admin) return true;
  return wallet === riskManager && action !== 'resume_operations' && action !== 'propose_change';
}

async function roleAction(
  chain: Chain,
  wallet: PublicKey,
  exchange: ChainExchange,
  request: AdminTransactionRequest,
  nowMs: number,
): Promise<Result<RoleAction>> {
  const { addresses, instructions } = chain;
  switch (request.action) {
    case 'pause_operations':
    case 'resume_operations': {
      const { operations } = request.params;
      const args = { operations: bitsOf(operations) };
      const verb = request.action === 'pause_operations' ? 'Pause' : 'Resume';
      return single(
        instructions.role(request.action, { authority: wallet }, args),
        `${verb} on the whole exchange: ${operations.join(', ')}`,
      );
    }
    case 'set_market_status': {
      const { symbol, status } = request.params;
      const accounts = { authority: wallet, market: addresses.market(symbol) };
      const args = { status: { [statusVariants[status]]: {} } };
      return single(instructions.role('set_market_status', accounts, args), `Make ${symbol} ${status}`);
    }
    case 'propose_change':
      return propose(chain, wallet, exchange, request.params, nowMs);
    case 'execute_change':
    case 'cancel_change':
      return settle(chain, wallet, request.action, request.params.proposal_id);
  }
}

const single = (instruction: TransactionInstruction, line: string): Result<RoleAction> =>
  ok({ instructions: [instruction], summary: [line] });

const statusVariants = { active: 'Active', reduce_only: 'ReduceOnly', halted: 'Halted' } as const;

const bitsOf = (operations: readonly (typeof pausableOperations)[number][]): number =>
  operations.reduce((bits, operation) => bits | (1 << pausableOperations.indexOf(operation)), 0);

/** What is not named keeps the value that stands now; the program executes only while exactly that still stands. */
async function propose(
  chain: Chain,
  wallet: PublicKey,
  exchange: ChainExchange,
  request: ProposedRequest,
  nowMs: number,
): Promise<Result<RoleAction>> {
  const symbol = 'symbol' in request ? request.symbol : null;
  const before = await readStanding(chain, request.kind, symbol);
  const named = Object.entries(request.values).filter(([, value]) => value !== undefined);
  const values = { ...before.values, ...Object.fromEntries(named) } as GovernedChange['values'];
  const change = { ...before, values };
  const changes = differences(before, change);
  if (changes.length === 0) return refuse('VALIDATION_001', 'These values stand already: nothing would change.');
  const fromMs = nowMs + exchange.timeLockSeconds * 1_000;
  const of = symbol === null ? request.kind : `${request.kind} of ${symbol}`;
  return ok({
    instructions: [proposeChange(chain, wallet, exchange.proposalCount, change)],
    summary: [
      `Propose ${of} as proposal ${exchange.proposalCount}; anyone can execute it from about ${timestampOf(fromMs)}`,
      ...changes.map(({ field, unit, before: was, after }) => `${field} (${unit}): ${was} → ${after}`),
    ],
  });
}

async function settle(
  chain: Chain,
  wallet: PublicKey,
  action: 'execute_change' | 'cancel_change',
  id: number,
): Promise<Result<RoleAction>> {
  const proposal = await readProposal(chain, id);
  if (proposal === null) return refuse('AUTH_015', `Proposal ${id} was executed or cancelled, or never made.`);
  const { change, before } = proposal;
  const lines = differences(before, change).map(({ field, unit, before: was, after }) => {
    return `${field} (${unit}): ${was} → ${after}`;
  });
  if (action === 'cancel_change') {
    const cancel = cancelChange(chain, wallet, proposal);
    return ok({ instructions: [cancel], summary: [`Cancel proposal ${id}: nothing of it happens`, ...lines] });
  }
  return ok({ instructions: executeChange(chain, proposal), summary: [`Put proposal ${id} in force`, ...lines] });
}
