import { displayExact } from '#shared/money/format.ts';
import { QUOTE_DECIMALS } from '#shared/money/units.ts';

const usdc = (amount: bigint): string => `${displayExact(amount, QUOTE_DECIMALS)} USDC`;

/** What signing a transaction does, in words, and why one is not signed. Amounts in 1e-6 USDC or shares, slippage in bps. */
export const en = {
  notAsked:
    'What the exchange built is not what you asked for. Nothing was signed. Reload the page; if it happens again, do not sign anything here and tell support.',
  otherProgram:
    'The exchange names another program than the one this terminal was built for. Nothing was signed. Reload the page; if it happens again, do not sign anything here.',
  otherMint:
    'The exchange names another USDC than the one this terminal was set up for. Nothing was signed. Reload the page; if it happens again, do not sign anything here.',
  openAccount: 'Open your trading account (the exchange pays the rent)',
  delegate: (until: Date, cap: bigint, slippageBps: bigint) =>
    `Let the exchange execute your orders until ${until.toISOString().slice(0, 10)}, opening at most ${usdc(cap)} of notional in 24 hours, at most ${displayExact(slippageBps, 2)} % from the oracle price`,
  delegateBounds: 'It can open, close and change margin inside your account; it can never withdraw',
  deposit: (amount: bigint) => `Deposit ${usdc(amount)} as collateral`,
  withdraw: (amount: bigint) => `Withdraw ${usdc(amount)} to your wallet`,
  queue: (amount: bigint) =>
    `Queue a withdrawal of ${usdc(amount)}: it leaves your collateral now and is paid to your wallet in turn, as the limit of what may leave the exchange allows`,
  cancelWithdrawal: 'Take your waiting withdrawal back as collateral',
  revoke: 'End your delegation at once: orders without your signature stop',
  requestClose: (symbol: string) =>
    `Let anyone close all of your ${symbol} position at a price of 6 to 15 seconds from now, whatever it is`,
  addLiquidity: (amount: bigint) => `Lock ${usdc(amount)} for pool shares, issued at a price after the delay`,
  removeLiquidity: (shares: bigint) =>
    `Lock ${displayExact(shares, QUOTE_DECIMALS)} pool shares, paid out at a price after the delay`,
} as const;
