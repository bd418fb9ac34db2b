import { PROGRAM_ID, addresses } from '#support/program/addresses.ts';
import { USDC } from '#support/program/exchange.ts';
import * as build from '#support/program/instructions.ts';
import { bn } from '#support/program/plain.ts';
import type { Scenario } from './scenarios.ts';
import type { World } from './world.ts';

const versionOffset = 8;

/** Alice's account as the first layout had it. */
function oldAccount({ exchange, alice }: World) {
  const { chain } = exchange;
  const key = addresses.position(alice.wallet.publicKey, exchange.market.key);
  const data = Uint8Array.from(chain.data(key) ?? []);
  data[versionOffset] = 1;
  chain.setData(key, PROGRAM_ID, data);
  return key;
}

/** The withdrawal queue, the treasury, insurance, and layouts. */
export const OUTFLOW_SCENARIOS: readonly Scenario[] = [
  {
    instruction: 'queue_withdrawal',
    build: async ({ carol, payer }) => ({
      instruction: await build.queueWithdrawal(carol.wallet.publicKey, payer.publicKey, USDC),
      signers: [carol.wallet, payer],
    }),
  },
  {
    instruction: 'cancel_withdrawal',
    build: async ({ alice }) => ({
      instruction: await build.cancelWithdrawal(alice.wallet.publicKey),
      signers: [alice.wallet],
    }),
  },
  {
    instruction: 'execute_withdrawal',
    build: async ({ alice, exchange, payer }) => ({
      instruction: await build.executeWithdrawal(alice.wallet.publicKey, exchange.mint, payer.publicKey),
      signers: [],
    }),
  },
  {
    instruction: 'withdraw_treasury',
    build: async ({ exchange, alice }) => {
      await exchange.chain.rewrite('treasury', addresses.treasury, (treasury) => {
        treasury.balance = treasury.balance.add(bn(USDC));
      });
      await exchange.chain.rewrite('pool', addresses.pool, (pool) => {
        pool.free = pool.free.sub(bn(USDC));
      });
      const { treasuryAuthority } = exchange;
      const instruction = await build.withdrawTreasury(treasuryAuthority.publicKey, alice.tokens, USDC);
      return { instruction, signers: [treasuryAuthority] };
    },
  },
  {
    instruction: 'fund_insurance',
    build: async ({ alice }) => ({
      instruction: await build.fundInsurance(alice.wallet.publicKey, alice.tokens, USDC),
      signers: [alice.wallet],
    }),
  },
  {
    instruction: 'migrate_account',
    build: async (world) => ({ instruction: await build.migrateAccount(oldAccount(world)), signers: [] }),
  },
];
