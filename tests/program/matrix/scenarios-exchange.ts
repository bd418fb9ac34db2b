import { USDC, defaultConfig, defaultOracle } from '#support/program/exchange.ts';
import * as build from '#support/program/instructions.ts';
import { Keypair } from '@solana/web3.js';
import type { Scenario } from './scenarios.ts';

/** Exchange, markets, accounts, delegation, deposits and withdrawals. */
export const EXCHANGE_SCENARIOS: readonly Scenario[] = [
  {
    instruction: 'initialize_exchange',
    fromNothing: true,
    build: async ({ exchange }) => {
      const { upgradeAuthority, mint } = exchange;
      const instruction = await build.initializeExchange(upgradeAuthority.publicKey, mint, exchange.initializeArgs());
      return { instruction, signers: [upgradeAuthority] };
    },
  },
  {
    instruction: 'create_market',
    build: async ({ exchange, payer }) => {
      const args = {
        symbol: Array.from(Buffer.from('THIRD-PERP'.padEnd(16, '\0'))),
        oracle: defaultOracle(Keypair.generate().publicKey, new Uint8Array(32).fill(3)),
        config: defaultConfig(),
      };
      const instruction = await build.createMarket(exchange.admin.publicKey, payer.publicKey, 2, args);
      return { instruction, signers: [exchange.admin, payer] };
    },
  },
  {
    instruction: 'open_user_account',
    build: async ({ stranger, payer }) => ({
      instruction: await build.openUserAccount(stranger.wallet.publicKey, payer.publicKey),
      signers: [stranger.wallet, payer],
    }),
  },
  {
    instruction: 'create_position',
    build: async ({ carol, first, payer }) => ({
      instruction: await build.createPosition(carol.wallet.publicKey, first.key, payer.publicKey),
      signers: [payer],
    }),
  },
  {
    instruction: 'set_delegate',
    build: async ({ alice, exchange }) => {
      const limits = { expiresAt: exchange.chain.now + 60n, turnoverCap: USDC, maxSlippageBps: 50 };
      return { instruction: await build.setDelegate(alice.wallet.publicKey, limits), signers: [alice.wallet] };
    },
  },
  {
    instruction: 'revoke_delegate',
    build: async ({ alice }) => ({
      instruction: await build.revokeDelegate(alice.wallet.publicKey),
      signers: [alice.wallet],
    }),
  },
  {
    instruction: 'deposit_collateral',
    build: async ({ alice }) => ({
      instruction: await build.depositCollateral(alice.wallet.publicKey, alice.tokens, USDC),
      signers: [alice.wallet],
    }),
  },
  {
    instruction: 'withdraw_collateral',
    build: async ({ alice }) => ({
      instruction: await build.withdrawCollateral(alice.wallet.publicKey, alice.tokens, USDC),
      signers: [alice.wallet],
    }),
  },
];
