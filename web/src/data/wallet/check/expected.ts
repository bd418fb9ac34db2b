import type { BuildTransactionRequest } from '#shared/protocol/transactions.ts';

/** An instruction that an action may hold: its name, and what its arguments have to be. */
export interface Expected {
  readonly name: string;
  readonly args: Readonly<Record<string, Bound>>;
}

/** From and up to which a figure is what was asked for. */
export interface Bound {
  readonly min: bigint;
  readonly max: bigint;
}

/** A delegation lets nothing be executed further from the oracle price than this, bps. */
const delegateSlippageBpsMax = 200n;
/** Without a figure of the trader's own: the exchange's longest delegation and its cap of notional in 24 hours, 1e-6 USDC. */
const delegationSecondsMax = 30n * 86_400n;
const turnoverCapMax = 10_000_000_000_000n;
/** The clocks of browser and exchange may differ by a day. */
const clockSecondsMax = 86_400n;

const exactly = (value: bigint): Bound => ({ min: value, max: value });
const upTo = (max: bigint): Bound => ({ min: 1n, max });
const plain = (name: string): Expected => ({ name, args: {} });
const moving = (name: string, amount: bigint): Expected => ({ name, args: { amount: exactly(amount) } });

function delegation(expiresAtMs: number | undefined, cap: bigint | undefined, nowMs: number): Expected {
  const until =
    expiresAtMs === undefined
      ? upTo(BigInt(Math.floor(nowMs / 1_000)) + delegationSecondsMax + clockSecondsMax)
      : exactly(BigInt(Math.floor(expiresAtMs / 1_000)));
  return {
    name: 'set_delegate',
    args: {
      expires_at: until,
      turnover_cap: cap === undefined ? upTo(turnoverCapMax) : exactly(cap),
      max_slippage_bps: upTo(delegateSlippageBpsMax),
    },
  };
}

/**
 * What a transaction for this request may hold, in order; several where the exchange may choose. Undefined for actions that the terminal has no
 * wallet sign. Opening an account never comes without the account: a delegation that stands is not replaced by the way.
 */
export function expectedFor(
  request: BuildTransactionRequest,
  nowMs: number,
): readonly (readonly Expected[])[] | undefined {
  switch (request.action) {
    case 'open_account': {
      const { delegate, deposit = 0n } = request.params;
      return [
        [
          plain('open_user_account'),
          ...(delegate ? [delegation(undefined, undefined, nowMs)] : []),
          ...(deposit > 0n ? [moving('deposit_collateral', deposit)] : []),
        ],
      ];
    }
    case 'deposit':
      return [[moving('deposit_collateral', request.params.amount)]];
    case 'withdraw':
      return ['withdraw_collateral', 'queue_withdrawal'].map((name) => [moving(name, request.params.amount)]);
    case 'set_delegate': {
      const { expires_at: until, turnover_cap: cap } = request.params;
      return [[delegation(until === undefined ? undefined : Date.parse(until), cap, nowMs)]];
    }
    case 'cancel_withdrawal':
    case 'revoke_delegate':
    case 'request_close':
      return [[plain(request.action)]];
    case 'add_liquidity':
      return [[moving('request_mint', request.params.amount)]];
    case 'remove_liquidity':
      return [[{ name: 'request_redeem', args: { shares: exactly(request.params.shares) } }]];
    default:
      return undefined;
  }
}
