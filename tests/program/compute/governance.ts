import { type Keypair, PublicKey } from '@solana/web3.js';
import { addresses } from '#support/program/addresses.ts';
import { type Trader, defaultConfig } from '#support/program/exchange.ts';
import * as govern from '#support/program/governance.ts';
import { bn } from '#support/program/plain.ts';
import { writeTokenAccount } from '#support/program/tokens.ts';
import * as leave from '#support/program/withdrawals.ts';
import type { Costs } from './measure.ts';
import type { WorstCase } from './world.ts';

/** Everything the roles can do, each once at least. */
export async function governAll(world: WorstCase, costs: Costs): Promise<void> {
  const { exchange, longMarket: market } = world;
  const { admin, riskManager } = exchange;
  const run = async (name: string, built: ReturnType<typeof govern.acceptAdmin>, ...signers: Keypair[]) =>
    costs.run(name, { instructions: [await built], signers });
  const keeper = exchange.chain.wallet().publicKey;
  const removed = exchange.chain.fetch('exchange', addresses.exchange).keepers[3]?.key;
  if (removed === undefined) throw new Error('there are eight keepers');
  await run('remove_keeper', govern.removeKeeper(riskManager.publicKey, new PublicKey(removed)), riskManager);
  await run('add_keeper', govern.addKeeper(admin.publicKey, keeper), admin);
  await run('pause_operations', govern.pauseOperations(riskManager.publicKey, govern.PAUSE.all), riskManager);
  await run('resume_operations', govern.resumeOperations(admin.publicKey, govern.PAUSE.all), admin);
  await run(
    'set_market_status',
    govern.setMarketStatus(riskManager.publicKey, market.key, { halted: {} }),
    riskManager,
  );
  const limits = {
    maxLeverage: 10,
    maxLongOi: bn(100n),
    maxShortOi: bn(100n),
    maxSkewBps: 100,
    maxUtilisationBps: 100,
    maxEmaDivergenceBps: 100,
  };
  await run('tighten_market', govern.tightenMarket(riskManager.publicKey, market.key, limits), riskManager);
  await proposals(world, costs);
  const next = exchange.chain.wallet();
  await run('propose_admin', govern.proposeAdmin(admin.publicKey, next.publicKey), admin);
  await run('accept_admin', govern.acceptAdmin(next.publicKey), next);
}

/** The queue of withdrawals, the treasury and insurance, with nothing counted as leaving yet. */
export async function leaveTheVault(world: WorstCase, costs: Costs, holder: Trader): Promise<void> {
  const { exchange } = world;
  const { wallet, tokens } = holder;
  const owner = wallet.publicKey;
  const destination = leave.withdrawalDestination(owner, exchange.mint);
  writeTokenAccount(exchange.chain, exchange.mint, owner, 0n, destination);
  const run = async (name: string, built: ReturnType<typeof leave.cancelWithdrawal>, ...signers: Keypair[]) =>
    costs.run(name, { instructions: [await built], signers });
  await exchange.chain.rewrite('outflow', addresses.outflow, (outflow) => {
    outflow.cap = bn(10n ** 15n);
  });
  await run('queue_withdrawal', leave.queueWithdrawal(owner, owner, 98_765_432_109n), wallet);
  await run('execute_withdrawal', leave.executeWithdrawal(owner, exchange.mint, owner));
  await run('queue_withdrawal', leave.queueWithdrawal(owner, owner, 12_345_678n), wallet);
  await run('cancel_withdrawal', leave.cancelWithdrawal(owner), wallet);
  const { treasuryAuthority } = exchange;
  await run('fund_insurance', leave.fundInsurance(owner, tokens, 123_456_789n), wallet);
  await run('withdraw_treasury', leave.withdrawTreasury(treasuryAuthority.publicKey, tokens, 7n), treasuryAuthority);
}

/** The largest change, and the one that is cancelled. */
async function proposals(world: WorstCase, costs: Costs): Promise<void> {
  const { exchange, longMarket: market } = world;
  const { admin, chain } = exchange;
  const change = { marketConfig: { marketIndex: market.index, config: { ...defaultConfig(), weightBps: 600 } } };
  const propose = async (): Promise<bigint> => {
    const id = chain.fetch('exchange', addresses.exchange).proposalCount;
    const instruction = await govern.proposeChange(admin.publicKey, admin.publicKey, id, change);
    costs.run('propose_change', { instructions: [instruction], signers: [admin] });
    return id;
  };
  const cancelled = await govern.cancelChange(admin.publicKey, await propose(), admin.publicKey);
  costs.run('cancel_change', { instructions: [cancelled], signers: [admin] });
  const id = await propose();
  await exchange.settle(market);
  const execute = await govern.executeChange(id, admin.publicKey, change);
  costs.run('execute_change', { instructions: [execute], signers: [] });
}
