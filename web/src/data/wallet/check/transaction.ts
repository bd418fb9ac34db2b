import type { MarketSymbol } from '#shared/markets.ts';
import type { BuildTransactionRequest } from '#shared/protocol/transactions.ts';

import { signingTexts } from '../../../i18n/signing.ts';
import { MalformedTransaction } from '../transaction-bytes.ts';
import { WalletRefused } from '../types.ts';
import { addressOf, type AddressParts } from './addresses.ts';
import { expectedFor, type Expected } from './expected.ts';
import { readMessage, type ReadInstruction } from './message.ts';
import { programId, readProgramInstruction, type ProgramInstruction } from './program.ts';

const computeBudgetProgram = 'ComputeBudget111111111111111111111111111111';
/** Of that program: the most compute units, and the price of one. */
const budgetInstructions: readonly number[] = [2, 3];

export interface Asked {
  readonly request: BuildTransactionRequest;
  /** Base58. */
  readonly wallet: string;
  /** Program and mint that the exchange names: only to say in words that they are others. */
  readonly named: { readonly program: string; readonly usdcMint: string };
  /** The mint that the terminal was deployed for. */
  readonly usdcMint: string;
  readonly nowMs: number;
}

const t = signingTexts;

/** Compute budget costs the exchange, which pays for the transaction. */
function isBudget({ program, accounts, data }: ReadInstruction): boolean {
  return program === computeBudgetProgram && accounts.length === 0 && budgetInstructions.includes(data[0] ?? 0);
}

function fits(found: ProgramInstruction, expected: Expected | undefined): boolean {
  return (
    found.name === expected?.name &&
    Object.entries(expected.args).every(([name, { min, max }]) => {
      const value = found.args[name];
      return value !== undefined && value >= min && value <= max;
    })
  );
}

/** Every account of the instruction is the one that its name stands for. */
async function hasItsAccounts(read: ReadInstruction, named: ProgramInstruction, parts: AddressParts): Promise<boolean> {
  if (read.accounts.length !== named.accounts.length) return false;
  const expected = await Promise.all(named.accounts.map(({ name, address }) => address ?? addressOf(name, parts)));
  return expected.every((address, at) => address === read.accounts[at]);
}

const symbolOf = ({ params }: BuildTransactionRequest): MarketSymbol | undefined =>
  'symbol' in params ? params.symbol : undefined;

/** What an instruction does, from its own bytes. */
function sentencesOf({ name, args }: ProgramInstruction, symbol: MarketSymbol | undefined): readonly string[] {
  const amount = args.amount ?? args.shares ?? 0n;
  switch (name) {
    case 'open_user_account':
      return [t.openAccount];
    case 'set_delegate': {
      const { expires_at: until = 0n, turnover_cap: cap = 0n, max_slippage_bps: slippage = 0n } = args;
      return [t.delegate(new Date(Number(until) * 1_000), cap, slippage), t.delegateBounds];
    }
    case 'deposit_collateral':
      return [t.deposit(amount)];
    case 'withdraw_collateral':
      return [t.withdraw(amount)];
    case 'queue_withdrawal':
      return [t.queue(amount)];
    case 'cancel_withdrawal':
      return [t.cancelWithdrawal];
    case 'revoke_delegate':
      return [t.revoke];
    case 'request_close':
      return [t.requestClose(symbol ?? '')];
    case 'request_mint':
      return [t.addLiquidity(amount)];
    case 'request_redeem':
      return [t.removeLiquidity(amount)];
    default:
      throw new WalletRefused(t.notAsked);
  }
}

/**
 * Holds what the exchange built against what was asked for, before any wallet sees it: only the program that this terminal was built for
 * and the token it was deployed for, only the instructions of the action with the amounts that were asked for, every account the one it has to be, and somebody else paying.
 *
 * @returns what signing does, read from the transaction itself.
 * @throws WalletRefused
 */
export async function checkTransaction(transaction: Uint8Array, asked: Asked): Promise<readonly string[]> {
  const { request, wallet, usdcMint, nowMs } = asked;
  if (asked.named.program !== programId) throw new WalletRefused(t.otherProgram);
  if (asked.named.usdcMint !== usdcMint) throw new WalletRefused(t.otherMint);
  const message = readOrRefuse(transaction);
  if (!message.signers.includes(wallet) || message.feePayer === wallet) throw new WalletRefused(t.notAsked);
  const acting = message.instructions.filter((instruction) => !isBudget(instruction));
  const named = acting.map(({ program, data }) => (program === programId ? readProgramInstruction(data) : undefined));
  const isOne = (expected: readonly Expected[]) =>
    expected.length === named.length && named.every((found, at) => found !== undefined && fits(found, expected[at]));
  if (expectedFor(request, nowMs)?.some(isOne) !== true) throw new WalletRefused(t.notAsked);
  const symbol = symbolOf(request);
  const parts = { program: programId, usdcMint, owner: wallet, payer: message.feePayer, symbol };
  const sentences: string[] = [];
  for (const [at, instruction] of acting.entries()) {
    const known = named[at];
    if (known === undefined || !(await hasItsAccounts(instruction, known, parts))) throw new WalletRefused(t.notAsked);
    sentences.push(...sentencesOf(known, symbol));
  }
  return sentences;
}

function readOrRefuse(transaction: Uint8Array) {
  try {
    return readMessage(transaction);
  } catch (error) {
    if (error instanceof MalformedTransaction) throw new WalletRefused(t.notAsked, { cause: error });
    throw error;
  }
}
