import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import type { MarketSymbol } from '#shared/markets.ts';
import { ok, refuse, type Result } from '#shared/protocol/error-codes.ts';
import type { Chain, TraderAccounts } from '../chain/chain.ts';
import type { MarketSnapshot } from '../market/contract.ts';
import type { StoredOrder } from './order-machine.ts';
import { planExecution } from './trade-plan.ts';

export interface BuiltCommand {
  readonly instructions: TransactionInstruction[];
  /** The position's command number that every attempt names. */
  readonly expectedSeq: bigint;
}

/**
 * What executes an order against the position as it stands in a market as it stands, signed by the keeper under the account's delegation. The first trade of a
 * market creates the position before it. Refusals: TRADING_005, 006, 014.
 */
export function instructionsOf(
  chain: Chain,
  order: StoredOrder,
  owner: PublicKey,
  symbol: MarketSymbol,
  trader: TraderAccounts,
  snapshot: MarketSnapshot,
): Result<BuiltCommand> {
  if (trader.account === null) return refuse('TRADING_014', 'This wallet has no trading account yet.');
  const position = trader.positions.get(symbol) ?? null;
  const expectedSeq = position?.seq ?? 0n;
  const built =
    order.intent === 'trade'
      ? trade(chain, order, owner, symbol, trader, snapshot)
      : margin(chain, order, owner, symbol, trader);
  return built.ok ? ok({ instructions: built.value, expectedSeq }) : built;
}

function trade(
  chain: Chain,
  order: StoredOrder,
  owner: PublicKey,
  symbol: MarketSymbol,
  trader: TraderAccounts,
  snapshot: MarketSnapshot,
): Result<TransactionInstruction[]> {
  const { instructions, keeper } = chain;
  const position = trader.positions.get(symbol) ?? null;
  const plan = planExecution(order, position, snapshot);
  if (!plan.ok) return plan;
  const signers = { keeper, ownerSigner: null };
  const command = {
    size: plan.value.size,
    worstPrice: order.worstPrice ?? 0n,
    orderId: order.orderId,
    expectedSeq: position?.seq ?? 0n,
    minPublishTime: order.eligibleFrom,
    withInsurance: order.attempts.some((attempt) => attempt.reason === 'NeedsInsurance'),
  };
  if (plan.value.kind === 'close') return ok([instructions.closePosition(owner, symbol, signers, command)]);
  const { side } = plan.value;
  const net = instructions.trade(owner, symbol, signers, { ...command, side, leverageE2: order.leverageE2 });
  if (position !== null) return ok([net]);
  return ok([instructions.createPosition(owner, symbol, chain.feePayer(owner).publicKey), net]);
}

function margin(
  chain: Chain,
  order: StoredOrder,
  owner: PublicKey,
  symbol: MarketSymbol,
  trader: TraderAccounts,
): Result<TransactionInstruction[]> {
  const position = trader.positions.get(symbol) ?? null;
  if (position === null || position.size === 0n) return refuse('TRADING_006', 'The position is closed.');
  const signers = { keeper: chain.keeper, ownerSigner: null };
  const command = { amount: order.quantity, orderId: order.orderId, expectedSeq: position.seq };
  if (order.intent === 'add_margin') return ok([chain.instructions.addMargin(owner, symbol, signers, command)]);
  return ok([
    chain.instructions.removeMargin(owner, symbol, signers, { ...command, minPublishTime: order.eligibleFrom }),
  ]);
}
