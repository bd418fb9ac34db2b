import { describe, expect, it } from 'vitest';
import idl from '#program/quantdesk_perp_dex.json' with { type: 'json' };
import { PROGRAM_ERROR_CODES, readTransactionError } from './program-errors.ts';

const custom = (number: number) => ({ InstructionError: [2, { Custom: number }] });

describe('program errors', () => {
  it('every error of the program has a code of the API', () => {
    const unmapped = idl.errors.map((error) => error.name).filter((name) => !Object.hasOwn(PROGRAM_ERROR_CODES, name));
    expect(unmapped).toEqual([]);
  });

  it('every error number is read as its own name', () => {
    for (const { code, name } of idl.errors) expect(readTransactionError(custom(code))?.programError).toBe(name);
  });

  it('a transaction without an error is none, an old blockhash asks for a new attempt', () => {
    expect(readTransactionError(null)).toBeNull();
    expect(readTransactionError('BlockhashNotFound')).toMatchObject({
      expired: true,
      refusal: { code: 'TRADING_020' },
    });
  });

  it('tells a wallet that lacks tokens and a failure of the runtime apart', () => {
    const logs = ['Program log: Error: insufficient funds'];
    expect(readTransactionError(custom(1), logs)?.refusal.code).toBe('CHAIN_004');
    expect(readTransactionError('AccountNotFound')?.refusal.code).toBe('CHAIN_002');
    expect(readTransactionError({ InsufficientFundsForRent: { account_index: 0 } })?.refusal.code).toBe('CHAIN_002');
  });

  it('asks to open a trading account only where that account is the missing one', () => {
    const missing = (account: string) => [
      'Program log: Instruction: OpenPosition',
      `Program log: AnchorError caused by account: ${account}. Error Code: AccountNotInitialized. Error Number: 3012.`,
    ];
    expect(readTransactionError(custom(3012), missing('user_account'))?.refusal.code).toBe('TRADING_014');
    for (const logs of [missing('exchange'), missing('liquidator_account'), missing('other_user_account'), []]) {
      const refusal = readTransactionError(custom(3012), logs)?.refusal;
      expect(refusal?.code).toBe('TRADING_021');
      expect(refusal?.message).not.toMatch(/open_account|3012/);
    }
  });
});
