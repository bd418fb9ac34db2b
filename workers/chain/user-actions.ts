import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { displayExact } from '#shared/money/format.ts';
import { PRICE_DECIMALS, QUOTE_DECIMALS, SIZE_DECIMALS } from '#shared/money/units.ts';
import { ok, refuse, type Result } from '#shared/protocol/error-codes.ts';
import type { BuildTransactionRequest } from '#shared/protocol/transactions.ts';
import type { MarketSnapshot } from '#shared/market-snapshot.ts';
import type { Chain, TraderAccounts } from './chain.ts';

/** What an action is built against. */
export interface ActionContext {
  readonly owner: PublicKey;
  readonly trader: TraderAccounts;
  /** The market of a trade; null for actions without one. */
  readonly snapshot: MarketSnapshot | null;
  /** First publish time a trade may use, seconds. */
  readonly minPublishTime: number;
  readonly nowMs: number;
  /** Whether a withdrawal has to wait for its turn: the vault pays out no more for now. */
  readonly mustQueue: boolean;
}

/** An action as instructions, with what the signature allows in words. */
export interface BuiltAction {
  readonly instructions: TransactionInstruction[];
  readonly summary: string[];
  /** True where a withdrawal takes a place in the queue instead of paying at once. */
  readonly queued?: boolean;
}

/** A delegation without a date of its own lasts this long. */
const delegationDaysDefault = 30;
/** Notional a keeper may open in 24 h where the trader names no cap, 1e-6 USDC. */
const turnoverCapDefault = 10_000_000n * 1_000_000n;
/** Worst distance of a delegated execution from the oracle price, bps. */
const delegateSlippageBps = 200;
const slippageBpsDefault = 100;
/** The program's "all of the position". */
const wholePosition = 2n ** 64n - 1n;

type Request<Action extends BuildTransactionRequest['action']> = Extract<
  BuildTransactionRequest,
  { action: Action }
>['params'];

const usdc = (amount: bigint): string => `${displayExact(amount, QUOTE_DECIMALS)} USDC`;
const usd = (price: bigint): string => `${displayExact(price, PRICE_DECIMALS)} USD`;

/** The instructions of an action. Refusals: TRADING_005, 006, 014, 023, ORACLE_003. */
export function buildAction(
  chain: Chain,
  request: BuildTransactionRequest,
  context: ActionContext,
): Result<BuiltAction> {
  const { owner, trader } = context;
  if (request.action === 'open_account') return ok(openAccount(chain, request.params, context));
  if (trader.account === null && !isPoolAction(request.action)) {
    return refuse('TRADING_014', 'This wallet has no trading account yet. Use the action open_account first.');
  }
  const { instructions } = chain;
  switch (request.action) {
    case 'deposit':
      return single(
        instructions.deposit(owner, request.params.amount),
        `Deposit ${usdc(request.params.amount)} as collateral`,
      );
    case 'withdraw':
      return withdraw(chain, request.params, context);
    case 'cancel_withdrawal':
      return single(instructions.cancelWithdrawal(owner), 'Take your waiting withdrawal back as collateral');
    case 'set_delegate':
      return ok(setDelegate(chain, request.params, context));
    case 'revoke_delegate':
      return single(
        instructions.revokeDelegate(owner),
        'End your delegation at once: orders without your signature stop',
      );
    case 'open_position':
      return openPosition(chain, request.params, context);
    case 'close_position':
      return closePosition(chain, request.params, context);
    case 'request_close':
      return requestClose(chain, request.params, context);
    case 'add_margin':
    case 'remove_margin':
      return changeMargin(chain, request, context);
    case 'add_liquidity':
      return single(
        instructions.requestMint(owner, chain.feePayer(owner).publicKey, request.params.amount),
        `Lock ${usdc(request.params.amount)} for pool shares, issued at a price after the delay`,
      );
    case 'remove_liquidity':
      return single(
        instructions.requestRedeem(owner, request.params.shares),
        `Lock ${displayExact(request.params.shares, QUOTE_DECIMALS)} pool shares, paid out at a price after the delay`,
      );
  }
}

/** The market an action trades in; null for actions that need no price. */
export const marketOfAction = (request: BuildTransactionRequest) =>
  'symbol' in request.params ? request.params.symbol : null;

/** Whether an action executes at an oracle price: the keeper signs it only once a later price is there. */
export const isPricedAction = (action: string): boolean =>
  action === 'open_position' || action === 'close_position' || action === 'remove_margin';

/** Whether an action places a request that the exchange executes in its window. */
export const isPoolAction = (action: string): boolean => action === 'add_liquidity' || action === 'remove_liquidity';

const single = (instruction: TransactionInstruction, line: string): Result<BuiltAction> =>
  ok({ instructions: [instruction], summary: [line] });

function openAccount(chain: Chain, params: Request<'open_account'>, context: ActionContext): BuiltAction {
  const { owner, trader } = context;
  const parts: BuiltAction = { instructions: [], summary: [] };
  if (trader.account === null) {
    parts.instructions.push(chain.instructions.openUserAccount(owner, chain.feePayer(owner).publicKey));
    parts.summary.push('Open your trading account (the exchange pays the rent)');
  }
  if (params.delegate) {
    const delegation = setDelegate(chain, {}, context);
    parts.instructions.push(...delegation.instructions);
    parts.summary.push(...delegation.summary);
  }
  if (params.deposit !== undefined && params.deposit > 0n) {
    parts.instructions.push(chain.instructions.deposit(owner, params.deposit));
    parts.summary.push(`Deposit ${usdc(params.deposit)} as collateral`);
  }
  return parts;
}

function withdraw(
  chain: Chain,
  { amount }: Request<'withdraw'>,
  { owner, mustQueue }: ActionContext,
): Result<BuiltAction> {
  const { instructions } = chain;
  if (!mustQueue) return single(instructions.withdraw(owner, amount), `Withdraw ${usdc(amount)} to your wallet`);
  const queue = instructions.queueWithdrawal(owner, chain.feePayer(owner).publicKey, amount);
  const line = `Queue a withdrawal of ${usdc(amount)}: it leaves your collateral now and is paid to your wallet in turn, as the limit of what may leave the exchange allows`;
  return ok({ instructions: [queue], summary: [line], queued: true });
}

function setDelegate(chain: Chain, params: Request<'set_delegate'>, { owner, nowMs }: ActionContext): BuiltAction {
  const expiresMs =
    params.expires_at === undefined ? nowMs + delegationDaysDefault * 24 * 3_600_000 : Date.parse(params.expires_at);
  const turnoverCap = params.turnover_cap ?? turnoverCapDefault;
  const limits = { expiresAt: BigInt(Math.floor(expiresMs / 1000)), turnoverCap, maxSlippageBps: delegateSlippageBps };
  return {
    instructions: [chain.instructions.setDelegate(owner, limits)],
    summary: [
      `Let the exchange execute your orders until ${new Date(expiresMs).toISOString().slice(0, 10)}, opening at most ${usdc(turnoverCap)} of notional in 24 hours, at most ${delegateSlippageBps / 100} % from the oracle price`,
      'It can open, close and change margin inside your account; it can never withdraw',
    ],
  };
}

function openPosition(chain: Chain, params: Request<'open_position'>, context: ActionContext): Result<BuiltAction> {
  const { owner, trader, snapshot, minPublishTime } = context;
  const reference = snapshot?.price?.price ?? null;
  if (reference === null) return refuse('ORACLE_003', `There is no price of ${params.symbol} yet.`);
  const position = trader.positions.get(params.symbol) ?? null;
  if (position !== null && position.size > 0n && position.side !== params.side) {
    return refuse('TRADING_023', `A ${position.side} position is open in ${params.symbol}. Close it first.`);
  }
  const worstPrice = worst(params.side === 'long', reference, params.max_slippage_bps ?? slippageBpsDefault);
  const open = chain.instructions.openPosition(owner, params.symbol, signersOf(chain, owner), {
    side: params.side,
    size: params.quantity,
    leverageE2: params.leverage,
    worstPrice,
    orderId: null,
    expectedSeq: position?.seq ?? 0n,
    minPublishTime,
  });
  const create = chain.instructions.createPosition(owner, params.symbol, chain.feePayer(owner).publicKey);
  const quantity = displayExact(params.quantity, SIZE_DECIMALS);
  const line = `Open ${params.side} ${quantity} ${params.symbol} at ${params.leverage / 100}×, at ${usd(worstPrice)} or better`;
  return ok({ instructions: position === null ? [create, open] : [open], summary: [line] });
}

function closePosition(chain: Chain, params: Request<'close_position'>, context: ActionContext): Result<BuiltAction> {
  const { owner, trader, snapshot, minPublishTime } = context;
  const reference = snapshot?.price?.price ?? null;
  if (reference === null) return refuse('ORACLE_003', `There is no price of ${params.symbol} yet.`);
  const position = trader.positions.get(params.symbol) ?? null;
  if (position === null || position.size === 0n)
    return refuse('TRADING_006', `You have no position in ${params.symbol}.`);
  if (params.quantity !== undefined && params.quantity > position.size) {
    return refuse('TRADING_005', 'That is more than the position. Leave quantity out to close all of it.');
  }
  const worstPrice = worst(position.side === 'short', reference, slippageBpsDefault);
  const close = chain.instructions.closePosition(owner, params.symbol, signersOf(chain, owner), {
    size: params.quantity ?? wholePosition,
    worstPrice,
    orderId: null,
    expectedSeq: position.seq,
    minPublishTime,
    withInsurance: true,
  });
  const quantity = params.quantity === undefined ? 'all' : displayExact(params.quantity, SIZE_DECIMALS);
  return single(close, `Close ${quantity} of your ${position.side} ${params.symbol} at ${usd(worstPrice)} or better`);
}

function requestClose(
  chain: Chain,
  { symbol }: Request<'request_close'>,
  { owner, trader }: ActionContext,
): Result<BuiltAction> {
  const position = trader.positions.get(symbol) ?? null;
  if (position === null || position.size === 0n) return refuse('TRADING_006', `You have no position in ${symbol}.`);
  const line = `Let anyone close all of your ${position.side} ${symbol} at a price of 6 to 15 seconds from now, whatever it is`;
  return single(chain.instructions.requestClose(owner, symbol), line);
}

function changeMargin(
  chain: Chain,
  request: Extract<BuildTransactionRequest, { action: 'add_margin' | 'remove_margin' }>,
  { owner, trader, minPublishTime }: ActionContext,
): Result<BuiltAction> {
  const { symbol, amount } = request.params;
  const position = trader.positions.get(symbol) ?? null;
  if (position === null || position.size === 0n) return refuse('TRADING_006', `You have no position in ${symbol}.`);
  const command = { amount, orderId: null, expectedSeq: position.seq };
  if (request.action === 'add_margin') {
    const signers = { keeper: null, ownerSigner: owner };
    const line = `Move ${usdc(amount)} from collateral to the margin of ${symbol}`;
    return single(chain.instructions.addMargin(owner, symbol, signers, command), line);
  }
  const remove = chain.instructions.removeMargin(owner, symbol, signersOf(chain, owner), {
    ...command,
    minPublishTime,
  });
  return single(remove, `Move ${usdc(amount)} from the margin of ${symbol} to collateral`);
}

const signersOf = (chain: Chain, owner: PublicKey) => ({ keeper: chain.keeper, ownerSigner: owner });

/** The reference price and the slippage, rounded towards the reference. */
function worst(isBuy: boolean, reference: bigint, slippageBps: number): bigint {
  const change = BigInt(slippageBps);
  return isBuy ? (reference * (10_000n + change)) / 10_000n : (reference * (10_000n - change) + 9_999n) / 10_000n;
}
