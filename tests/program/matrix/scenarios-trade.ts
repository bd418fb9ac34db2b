import type { Keypair } from '@solana/web3.js';
import { addresses } from '#support/program/addresses.ts';
import { BASE, USDC, USD_PRICE, must } from '#support/program/exchange.ts';
import * as build from '#support/program/instructions.ts';
import { bn } from '#support/program/plain.ts';
import type { Scenario } from './scenarios.ts';
import type { World } from './world.ts';

const highest = 2n ** 63n;

/** Alice's command in the first market: with her own signature, or under her delegation. */
const command = ({ exchange, alice, first }: World, selfSigned: boolean): build.Command =>
  exchange.command(alice, first, { selfSigned });

const signers = ({ exchange, alice }: World, selfSigned: boolean): Keypair[] =>
  selfSigned ? [exchange.keeper, alice.wallet] : [exchange.keeper];

const open = (selfSigned: boolean) => async (world: World) => ({
  instruction: await build.openPosition(command(world, selfSigned), {
    side: 'long',
    size: BASE,
    leverageE2: 500,
    worstPrice: highest,
  }),
  signers: signers(world, selfSigned),
});

const close = (selfSigned: boolean, withInsurance: boolean) => async (world: World) => ({
  instruction: await build.closePosition(command(world, selfSigned), {
    size: build.ALL,
    worstPrice: 1n,
    withInsurance,
  }),
  signers: signers(world, selfSigned),
});

const addMargin = (selfSigned: boolean) => async (world: World) => ({
  instruction: await build.addMargin(command(world, selfSigned), USDC),
  signers: signers(world, selfSigned),
});

const removeMargin = (selfSigned: boolean) => async (world: World) => ({
  instruction: await build.removeMargin(command(world, selfSigned), USDC),
  signers: signers(world, selfSigned),
});

/** Alice's long of 18× falls by 5 %. */
const liquidate = (everybody: boolean) => async (world: World) => {
  const { exchange, first, alice, carol } = world;
  exchange.nextPrice(first, 95n * USD_PRICE);
  const instruction = await build.liquidatePosition({
    owner: alice.wallet.publicKey,
    market: first.key,
    priceUpdate: first.priceAccount,
    keeper: everybody ? exchange.keeper.publicKey : null,
    withInsurance: everybody,
    liquidator: everybody ? carol.wallet.publicKey : null,
  });
  return { instruction, signers: everybody ? [exchange.keeper] : [] };
};

const trade = (selfSigned: boolean, withInsurance: boolean) => async (world: World) => ({
  instruction: await build.trade(command(world, selfSigned), {
    side: 'short',
    size: 150n * BASE,
    leverageE2: 500,
    worstPrice: 1n,
    withInsurance,
  }),
  signers: signers(world, selfSigned),
});

/** Alice's position, to whoever comes. */
const openToAnyone = ({ alice, first }: World, withInsurance: boolean): build.OpenToAnyone => ({
  owner: alice.wallet.publicKey,
  market: first.key,
  priceUpdate: first.priceAccount,
  withInsurance,
});

const executeCloseRequest = (withInsurance: boolean) => async (world: World) => {
  const { exchange, alice, first } = world;
  must(await exchange.requestClose(alice, first));
  exchange.chain.advance(6n);
  exchange.price(first, 100n * USD_PRICE);
  return { instruction: await build.executeCloseRequest(openToAnyone(world, withInsurance)), signers: [] };
};

/** Alice's long has more than doubled: it can win no more. */
const closeCapped = (byKeeper: boolean) => async (world: World) => {
  const { exchange, first } = world;
  exchange.nextPrice(first, 210n * USD_PRICE);
  const keeper = byKeeper ? exchange.keeper.publicKey : null;
  const instruction = await build.closeCapped({ ...openToAnyone(world, byKeeper), keeper });
  return { instruction, signers: byKeeper ? [exchange.keeper] : [] };
};

const borrowPerHour = 1_000_000n;

/** An hour of borrow is due. */
async function settlePosition({ exchange, alice, first }: World) {
  await exchange.chain.rewrite('market', first.key, (market) => {
    market.config.borrowBase = bn(borrowPerHour);
  });
  exchange.chain.advance(3_600n);
  exchange.price(first, 100n * USD_PRICE);
  return {
    instruction: await build.settlePosition(alice.wallet.publicKey, first.key, first.priceAccount),
    signers: [],
  };
}

/** The market owes Alice a payout. */
const payOwed = (withInsurance: boolean) => async (world: World) => {
  const { exchange, alice, first } = world;
  const owner = alice.wallet.publicKey;
  await exchange.chain.rewrite('market', first.key, (market) => {
    market.payoutsOwed = bn(USDC);
  });
  await exchange.chain.rewrite('position', addresses.position(owner, first.key), (position) => {
    position.payoutOwed = bn(USDC);
  });
  return { instruction: await build.payOwed(owner, first.key, withInsurance), signers: [] };
};

/** Trades, margin and liquidation, each in the ways in which it may be signed. */
export const TRADE_SCENARIOS: readonly Scenario[] = [
  { instruction: 'open_position', variant: 'signed by its owner', build: open(true) },
  { instruction: 'open_position', variant: 'delegated', build: open(false) },
  { instruction: 'close_position', variant: 'signed by its owner, with insurance', build: close(true, true) },
  { instruction: 'close_position', variant: 'delegated', build: close(false, false) },
  { instruction: 'add_margin', variant: 'signed by both', build: addMargin(true) },
  { instruction: 'add_margin', variant: 'delegated', build: addMargin(false) },
  { instruction: 'remove_margin', variant: 'signed by its owner', build: removeMargin(true) },
  { instruction: 'remove_margin', variant: 'delegated', build: removeMargin(false) },
  { instruction: 'liquidate_position', variant: 'by a keeper, with insurance and a reward', build: liquidate(true) },
  { instruction: 'liquidate_position', variant: 'by nobody in particular', build: liquidate(false) },
  { instruction: 'trade', variant: 'a flip signed by its owner, with insurance', build: trade(true, true) },
  { instruction: 'trade', variant: 'a flip, delegated', build: trade(false, false) },
  {
    instruction: 'request_close',
    build: async ({ alice, first }) => ({
      instruction: await build.requestClose(alice.wallet.publicKey, first.key),
      signers: [alice.wallet],
    }),
  },
  { instruction: 'execute_close_request', variant: 'with insurance', build: executeCloseRequest(true) },
  { instruction: 'execute_close_request', variant: 'without insurance', build: executeCloseRequest(false) },
  { instruction: 'close_capped', variant: 'by a keeper, with insurance', build: closeCapped(true) },
  { instruction: 'close_capped', variant: 'by nobody in particular', build: closeCapped(false) },
  { instruction: 'settle_position', build: settlePosition },
  { instruction: 'pay_owed', variant: 'with insurance', build: payOwed(true) },
  { instruction: 'pay_owed', variant: 'without insurance', build: payOwed(false) },
];
