import { Keypair, type TransactionInstruction } from '@solana/web3.js';
import { USDC, defaultConfig, must } from '#support/program/exchange.ts';
import * as build from '#support/program/instructions.ts';
import { bn } from '#support/program/plain.ts';
import type { Baseline } from './mutations.ts';
import type { Scenario } from './scenarios.ts';
import { TOPUP, type World } from './world.ts';

type Build = (world: World) => Promise<TransactionInstruction>;

const byAdmin = (instruction: string, make: Build): Scenario => ({
  instruction,
  build: async (world) => ({ instruction: await make(world), signers: [world.exchange.admin] }),
});

const byRiskManager = (instruction: string, make: Build): Scenario => ({
  instruction,
  build: async (world) => ({ instruction: await make(world), signers: [world.exchange.riskManager] }),
});

const config = { ...defaultConfig(), maxLeverage: 10 };
const marketConfig: build.ProposedChange = { marketConfig: { marketIndex: 0, config } };
const outflowLimits: build.ProposedChange = {
  outflowLimits: { cap: bn(USDC * 1_000n), windowSeconds: 3_600, floor: bn(USDC * 100n) },
};

const propose = (change: build.ProposedChange) => async (world: World) => {
  const { exchange, payer } = world;
  const instruction = await build.proposeChange(exchange.admin.publicKey, payer.publicKey, 2n, change);
  return { instruction, signers: [exchange.admin, payer] };
};

/** Proposed by the admin, paid by the payer, executed by whoever comes. */
const execute =
  (change: build.ProposedChange) =>
  async (world: World): Promise<Baseline> => {
    const { exchange, payer, first } = world;
    const { instruction, signers } = await propose(change)(world);
    must(exchange.send([instruction], signers));
    must(await exchange.settle(first));
    return { instruction: await build.executeChange(2n, payer.publicKey, change), signers: [] };
  };

/** Roles, pauses, keepers, and changes of parameters. */
export const GOVERNANCE_SCENARIOS: readonly Scenario[] = [
  byAdmin('propose_admin', ({ exchange, bob }) => build.proposeAdmin(exchange.admin.publicKey, bob.wallet.publicKey)),
  {
    instruction: 'accept_admin',
    build: async ({ exchange, bob }) => {
      const proposed = await build.proposeAdmin(exchange.admin.publicKey, bob.wallet.publicKey);
      must(exchange.send([proposed], [exchange.admin]));
      return { instruction: await build.acceptAdmin(bob.wallet.publicKey), signers: [bob.wallet] };
    },
  },
  byRiskManager('pause_operations', ({ exchange }) =>
    build.pauseOperations(exchange.riskManager.publicKey, build.PAUSE.all),
  ),
  byAdmin('resume_operations', ({ exchange }) => build.resumeOperations(exchange.admin.publicKey, build.PAUSE.all)),
  byAdmin('add_keeper', ({ exchange }) => build.addKeeper(exchange.admin.publicKey, Keypair.generate().publicKey)),
  byRiskManager('remove_keeper', ({ exchange }) =>
    build.removeKeeper(exchange.riskManager.publicKey, exchange.keeper.publicKey),
  ),
  byRiskManager('set_market_status', ({ exchange, first }) =>
    build.setMarketStatus(exchange.riskManager.publicKey, first.key, { reduceOnly: {} }),
  ),
  byRiskManager('tighten_market', ({ exchange, first }) =>
    build.tightenMarket(exchange.riskManager.publicKey, first.key, {
      maxLeverage: 10,
      maxLongOi: config.maxLongOi,
      maxShortOi: config.maxShortOi,
      maxSkewBps: config.maxSkewBps,
      maxUtilisationBps: config.maxUtilisationBps,
      maxEmaDivergenceBps: 1_000,
    }),
  ),
  { instruction: 'propose_change', variant: 'of a market', build: propose(marketConfig) },
  { instruction: 'propose_change', variant: 'of the outflow', build: propose(outflowLimits) },
  { instruction: 'propose_change', variant: 'of insurance', build: propose(TOPUP) },
  byRiskManager('cancel_change', ({ exchange, payer }) =>
    build.cancelChange(exchange.riskManager.publicKey, 0n, payer.publicKey),
  ),
  { instruction: 'execute_change', variant: 'of a market', build: execute(marketConfig) },
  { instruction: 'execute_change', variant: 'of the outflow', build: execute(outflowLimits) },
  { instruction: 'execute_change', variant: 'of insurance', build: execute(TOPUP) },
];
