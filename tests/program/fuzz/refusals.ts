/**
 * The refusals that each instruction documents. Anything else that a sequence reaches is a bug: an arithmetic overflow, a panic, a
 * budget of compute units that does not suffice.
 */
import type { InstructionName } from './instruction-names.ts';

/** An account that does not exist or is not this program's; a signature that is missing. */
const missing = ['Anchor 3012', 'Anchor 3007', 'WrongVersion'];
const unsigned = ['Anchor 3010'];
/** The account to be created exists already. */
const exists = ['Anchor 0'];
/** The token program: too little in the source. */
const poorWallet = ['Anchor 1'];
/** The token program: the account is frozen. */
const frozenWallet = ['Anchor 17'];

const price = [
  ...['OracleWrongAccount', 'OracleUnverified', 'OracleExponent', 'OraclePriceOutOfRange', 'OracleOutOfOrder'],
  ...['OracleStale', 'OracleFuture', 'OracleUncertain'],
];
const authority = ['NotKeeper', 'NotOwner', 'DelegateDisabled', 'DelegateExpired', ...missing, ...unsigned];
const command = [...authority, 'StaleCommand', 'PriceTooEarly'];
const opening = [
  'Paused',
  ...[
    'MarketReduceOnly',
    'MarketHalted',
    'OracleDivergent',
    'ZeroAmount',
    'LeverageOutOfBounds',
    'OppositeSide',
    'Capped',
  ],
  ...['InvalidFillPrice', 'SlippageExceeded', 'SkewTooWide', 'OpenInterestExceeded', 'NotionalTooLarge'],
  ...['BelowMinNotional', 'InsufficientCollateral', 'MarginTooLow', 'UtilisationExceeded'],
  ...['DelegateSlippageExceeded', 'DelegateTurnoverExceeded'],
];
const reducing = [
  ...['PositionFlat', 'ZeroAmount', 'SizeExceedsPosition', 'InvalidFillPrice', 'SlippageExceeded', 'OnlyInFull'],
  ...['RemainderUnhealthy', 'BelowMinNotional', 'NeedsInsurance', 'PoolShort', 'DelegateSlippageExceeded'],
];
const own = [...missing, ...unsigned, 'NotOwner', 'Anchor 2006'];

/** Errors of each instruction, by the program's names. */
export const refusals: Record<InstructionName, readonly string[]> = {
  initializeExchange: [...exists, ...missing, 'NotUpgradeAuthority'],
  createMarket: [...exists, ...missing, 'NotAdmin', 'InvalidConfig', 'NeedsProposal', 'WeightsExceeded', 'Anchor 2006'],
  proposeAdmin: [...missing, 'NotAdmin'],
  acceptAdmin: [...missing, 'NotPendingAdmin', 'TimeLocked'],
  pauseOperations: [...missing, 'NotRiskManager', 'InvalidConfig'],
  resumeOperations: [...missing, 'NotAdmin', 'InvalidConfig'],
  setMarketStatus: [...missing, 'NotRiskManager', 'NotAdmin', 'NotTighter'],
  tightenMarket: [...missing, 'NotRiskManager', 'NotTighter', 'InvalidConfig'],
  addKeeper: [...missing, 'NotAdmin', 'InvalidRole', 'TooManyKeepers'],
  removeKeeper: [...missing, 'NotRiskManager', 'UnknownKeeper'],
  proposeChange: [...missing, 'NotAdmin', 'InvalidConfig', 'MissingAccount'],
  cancelChange: [...missing, 'NotRiskManager', 'NotAdmin'],
  executeChange: [
    ...[...missing, 'ProposalTooEarly', 'ProposalExpired', 'StaleProposal', 'MissingAccount', 'InvalidConfig'],
    ...['MarketNotRefreshed', 'WeightsExceeded'],
  ],
  openUserAccount: [...exists, ...missing],
  createPosition: [...exists, ...missing],
  setDelegate: [...own, 'InvalidConfig', 'DelegateExpired'],
  revokeDelegate: own,
  depositCollateral: [...own, 'ZeroAmount', 'Paused', 'InvalidAccountData', ...poorWallet, ...frozenWallet],
  withdrawCollateral: [...own, 'ZeroAmount', 'InsufficientCollateral', 'OutflowExceeded', ...frozenWallet],
  openPosition: [...price, ...command, ...opening],
  closePosition: [...price, ...command, ...reducing],
  addMargin: [...authority, 'MissingAuthority', 'StaleCommand', 'ZeroAmount', 'PositionFlat', 'InsufficientCollateral'],
  removeMargin: [
    ...[...price, ...command, 'Paused', 'MarketHalted', 'OracleDivergent', 'ZeroAmount', 'PositionFlat'],
    ...['InsufficientCollateral', 'MarginTooLow'],
  ],
  liquidatePosition: [
    ...[
      ...price,
      ...missing,
      'NotKeeper',
      'SelfLiquidation',
      'Anchor 2040',
      'PositionFlat',
      'NotLiquidatable',
      'NeedsInsurance',
    ],
  ],
  trade: [...price, ...command, ...opening, ...reducing],
  requestClose: [...own, 'PositionFlat', 'CloseRequestBlocked'],
  executeCloseRequest: [
    ...[...price, ...missing, 'NoCloseRequest', 'CloseRequestTooEarly', 'CloseRequestLapsed', 'PositionFlat'],
    ...['InvalidFillPrice', 'NeedsInsurance', 'PoolShort'],
  ],
  closeCapped: [...price, ...missing, 'NotKeeper', 'PositionFlat', 'NotCapped', 'NeedsInsurance', 'PoolShort'],
  settlePosition: [...price, ...missing, 'PositionFlat', 'NothingToSettle'],
  payOwed: [...missing, 'NothingOwed', 'NeedsInsurance', 'PoolShort'],
  refreshMarket: [...price, ...missing],
  settleMarket: [...price, ...missing],
  queueWithdrawal: [...own, ...exists, 'ZeroAmount', 'InsufficientCollateral'],
  executeWithdrawal: [...missing, 'NotFirstInQueue', 'OutflowExceeded'],
  cancelWithdrawal: [...own, 'ZeroAmount'],
  withdrawTreasury: [...missing, 'NotTreasuryAuthority', 'ZeroAmount', 'OutflowExceeded', 'InsufficientTreasury'],
  fundInsurance: [...own, 'ZeroAmount', ...poorWallet, ...frozenWallet],
  migrateAccount: ['WrongVersion', 'Anchor 2004'],
  donate: [...own, 'ZeroAmount', 'PoolWithoutShares', ...poorWallet, ...frozenWallet],
  requestMint: [...own, 'ZeroAmount', 'Paused', 'PoolRequestPending', ...poorWallet, ...frozenWallet],
  requestRedeem: [...own, 'ZeroAmount', 'Paused', 'PoolRequestPending', 'InsufficientShares'],
  executePoolRequest: [
    ...[...missing, 'NotOwner', 'NoPoolRequest', 'Paused', 'MarketHalted', 'MarketNotRefreshed', 'OracleStale'],
    ...['PoolRequestTooEarly', 'PoolRequestOutsideWindow', 'OracleDivergent', 'PoolWithoutEquity', 'ZeroShares'],
    ...[
      'FirstDepositTooSmall',
      'OutflowExceeded',
      'MissingDestination',
      'MissingAuthority',
      'NotKeeper',
      ...frozenWallet,
    ],
  ],
};
