/** The events each instruction emits, in order. */
import type { EventName } from '#support/program/events.ts';
import type { InstructionName } from './instruction-names.ts';
import type { Step } from './step.ts';

type Expected = (step: Step) => readonly EventName[];
const always =
  (...names: EventName[]): Expected =>
  () =>
    names;

/** One event per market a redemption draws on: as many as have a lower backing afterwards. */
function executedRequest(step: Step): readonly EventName[] {
  if (step.event('poolRequestLapsed') !== undefined) return ['poolRequestLapsed'];
  const drawn = step.changes.program.filter(({ name }) => name === 'market').map((): EventName => 'marketSettled');
  return [...drawn, 'poolRequestExecuted'];
}

/** A flip is a reduction and an increase; anything else is one of them. */
function traded(step: Step): readonly EventName[] {
  const position = step.world.position(step.action.who ?? 0, step.action.market ?? 0);
  const state = step.before('position', position)?.state;
  const size = step.action.size ?? 0n;
  const along = state === undefined || state.size === 0n || (step.action.side ?? 'long') in state.side;
  if (along) return ['positionIncreased'];
  return size > state.size ? ['positionReduced', 'positionIncreased'] : ['positionReduced'];
}

export const expectedEvents: Record<InstructionName, Expected> = {
  initializeExchange: always('exchangeInitialized'),
  createMarket: always('marketCreated'),
  proposeAdmin: always('adminProposed'),
  acceptAdmin: always('adminAccepted'),
  pauseOperations: always('operationsPaused'),
  resumeOperations: always('operationsResumed'),
  setMarketStatus: always('marketStatusChanged'),
  tightenMarket: always('marketTightened'),
  addKeeper: always('keeperAdded'),
  removeKeeper: always('keeperRemoved'),
  proposeChange: always('changeProposed'),
  cancelChange: always('changeCancelled'),
  executeChange: always('changeExecuted'),
  openUserAccount: always('userAccountOpened'),
  createPosition: always('positionCreated'),
  setDelegate: always('delegateChanged'),
  revokeDelegate: always('delegateChanged'),
  depositCollateral: always('collateralDeposited'),
  withdrawCollateral: always('collateralWithdrawn'),
  openPosition: always('positionIncreased'),
  closePosition: always('positionReduced'),
  trade: traded,
  requestClose: always('closeRequested'),
  executeCloseRequest: always('positionReduced'),
  closeCapped: always('positionReduced'),
  settlePosition: always('positionSettled'),
  payOwed: always('payoutMade'),
  addMargin: always('marginChanged'),
  removeMargin: always('marginChanged'),
  liquidatePosition: ({ action }) =>
    action.other === undefined ? ['positionLiquidated'] : ['positionLiquidated', 'liquidationRewarded'],
  refreshMarket: always('marketRefreshed'),
  settleMarket: always('marketRefreshed', 'marketSettled'),
  queueWithdrawal: always('withdrawalQueued'),
  executeWithdrawal: (step) => [
    step.event('withdrawalReturned') === undefined ? 'withdrawalPaid' : 'withdrawalReturned',
  ],
  cancelWithdrawal: always('withdrawalCancelled'),
  withdrawTreasury: always('treasuryWithdrawn'),
  fundInsurance: always('insuranceFunded'),
  migrateAccount: always('accountMigrated'),
  donate: always('donated'),
  requestMint: always('poolRequested'),
  requestRedeem: always('poolRequested'),
  executePoolRequest: executedRequest,
};
