import { USDC, USD_PRICE, must } from '#support/program/exchange.ts';
import * as build from '#support/program/instructions.ts';
import type { Scenario } from './scenarios.ts';
import type { World } from './world.ts';

/** A fresh price and a settlement of both markets in this second, as executing a request needs. */
async function settleBoth({ exchange, first, second }: World): Promise<void> {
  exchange.chain.advance(1n);
  for (const market of [first, second]) {
    exchange.price(market, 100n * USD_PRICE);
    must(await exchange.settle(market));
  }
}

const execute = (kind: 'mint' | 'redeem', withDestination: boolean) => async (world: World) => {
  const { exchange, alice, first, second } = world;
  const owner = alice.wallet.publicKey;
  const request =
    kind === 'mint'
      ? await build.requestMint(owner, alice.tokens, 100n * USDC)
      : await build.requestRedeem(owner, 100n * USDC);
  must(exchange.send([request], [alice.wallet]));
  await settleBoth(world);
  const destination = withDestination ? alice.tokens : null;
  const keeper = exchange.keeper.publicKey;
  const instruction = await build.executePoolRequest(owner, destination, [first.key, second.key], keeper);
  return { instruction, signers: [exchange.keeper] };
};

/** A deposit whose window passed goes back to its owner. */
async function release({ exchange, alice, first, second }: World) {
  const owner = alice.wallet.publicKey;
  must(exchange.send([await build.requestMint(owner, alice.tokens, USDC)], [alice.wallet]));
  exchange.chain.advance(600n);
  return {
    instruction: await build.executePoolRequest(owner, alice.tokens, [first.key, second.key], null),
    signers: [],
  };
}

/** The pool, its requests, and what anyone may do for a market. */
export const POOL_SCENARIOS: readonly Scenario[] = [
  {
    instruction: 'refresh_market',
    build: async ({ first }) => ({
      instruction: await build.refreshMarket(first.key, first.priceAccount),
      signers: [],
    }),
  },
  {
    instruction: 'settle_market',
    build: async ({ first }) => ({ instruction: await build.settleMarket(first.key, first.priceAccount), signers: [] }),
  },
  {
    instruction: 'donate',
    build: async ({ alice }) => ({
      instruction: await build.donate(alice.wallet.publicKey, alice.tokens, USDC),
      signers: [alice.wallet],
    }),
  },
  {
    instruction: 'request_mint',
    variant: 'the first time',
    build: async ({ carol, payer }) => {
      const instruction = await build.requestMint(carol.wallet.publicKey, carol.tokens, USDC);
      for (const meta of instruction.keys.slice(1, 2)) meta.pubkey = payer.publicKey;
      return { instruction, signers: [carol.wallet, payer] };
    },
  },
  {
    instruction: 'request_mint',
    variant: 'again',
    build: async ({ alice, payer }) => {
      const instruction = await build.requestMint(alice.wallet.publicKey, alice.tokens, USDC);
      for (const meta of instruction.keys.slice(1, 2)) meta.pubkey = payer.publicKey;
      return { instruction, signers: [alice.wallet, payer] };
    },
  },
  {
    instruction: 'request_redeem',
    build: async ({ alice }) => ({
      instruction: await build.requestRedeem(alice.wallet.publicKey, USDC),
      signers: [alice.wallet],
    }),
  },
  { instruction: 'execute_pool_request', variant: 'a redemption', build: execute('redeem', true) },
  { instruction: 'execute_pool_request', variant: 'a minting', build: execute('mint', false) },
  { instruction: 'execute_pool_request', variant: 'a release', build: release },
];
