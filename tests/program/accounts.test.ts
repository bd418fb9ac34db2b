import type { Keypair } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import { addresses } from '#support/program/addresses.ts';
import { eventOf } from '#support/program/chain.ts';
import { USDC, WALLET_USDC, must } from '#support/program/exchange.ts';
import * as build from '#support/program/instructions.ts';
import { bn } from '#support/program/plain.ts';
import { exchangePerTest } from '#support/program/suite.ts';
import { tokenBalance, writeMint, writeTokenAccount } from '#support/program/tokens.ts';

const exchange = exchangePerTest({ liquidity: 0n });
const pauseDeposit = 4;

describe('open_user_account', () => {
  it('opens an empty account that the owner signed for and another paid', async () => {
    const { wallet } = exchange().holder();
    const payer = exchange().chain.wallet();
    const instruction = await build.openUserAccount(wallet.publicKey, payer.publicKey);
    const sent = must(exchange().send([instruction], [wallet, payer]));
    const account = exchange().chain.fetch('userAccount', addresses.user(wallet.publicKey));
    expect([account.collateral, account.seq, account.rentPayer]).toEqual([0n, 1n, payer.publicKey.toBase58()]);
    expect(eventOf(sent, 'userAccountOpened').owner).toBe(wallet.publicKey.toBase58());
  });

  it('opens once', async () => {
    const trader = await exchange().trader(0n);
    const owner = trader.wallet.publicKey;
    expect(exchange().send([await build.openUserAccount(owner, owner)], [trader.wallet]).error).not.toBeNull();
  });
});

describe('create_position', () => {
  it('creates a flat position for anyone, by anyone, once', async () => {
    const trader = await exchange().trader(0n);
    const stranger = exchange().chain.wallet();
    const { key } = exchange().market;
    const instruction = await build.createPosition(trader.wallet.publicKey, key, stranger.publicKey);
    const sent = must(exchange().send([instruction], [stranger]));
    const position = exchange().position(trader);
    expect([position.seq, position.eventSeq, position.state.size]).toEqual([0n, 1n, 0n]);
    expect(position.rentPayer).toBe(stranger.publicKey.toBase58());
    expect(eventOf(sent, 'positionCreated').marketIndex).toBe(0);
    expect(exchange().send([instruction], [stranger]).error).not.toBeNull();
  });
});

describe('set_delegate and revoke_delegate', () => {
  const limits = { expiresAt: 2n ** 40n, turnoverCap: 5n * USDC, maxSlippageBps: 50 };

  it('stores the limits, and revoking ends them at once', async () => {
    const trader = await exchange().trader(0n);
    const owner = trader.wallet.publicKey;
    const set = must(exchange().send([await build.setDelegate(owner, limits)], [trader.wallet]));
    expect(eventOf(set, 'delegateChanged').delegate).toMatchObject({ enabled: true, ...limits });
    const revoked = must(exchange().send([await build.revokeDelegate(owner)], [trader.wallet]));
    expect(eventOf(revoked, 'delegateChanged').delegate.enabled).toBe(false);
    expect(exchange().account(trader).delegate.enabled).toBe(false);
  });

  it('counts what was used on when the limits are set again', async () => {
    const trader = await exchange().trader(0n);
    const owner = trader.wallet.publicKey;
    await exchange().chain.rewrite('userAccount', addresses.user(owner), (account) => {
      account.delegate.turnoverUsed = bn(3n);
    });
    must(exchange().send([await build.revokeDelegate(owner), await build.setDelegate(owner, limits)], [trader.wallet]));
    expect(exchange().account(trader).delegate.turnoverUsed).toBe(3n);
  });

  it.each([
    ['an expiry that has passed', { ...limits, expiresAt: 1n }, 'DelegateExpired'],
    ['no slippage at all', { ...limits, maxSlippageBps: 0 }, 'InvalidConfig'],
    ['slippage above everything', { ...limits, maxSlippageBps: 10_001 }, 'InvalidConfig'],
  ])('refuses %s', async (_what, args, error) => {
    const trader = await exchange().trader(0n);
    const instruction = await build.setDelegate(trader.wallet.publicKey, args);
    expect(exchange().send([instruction], [trader.wallet]).error).toBe(error);
  });

  it('obeys nobody but the owner', async () => {
    const trader = await exchange().trader(0n);
    const stranger = exchange().chain.wallet();
    for (const instruction of [
      await build.setDelegate(trader.wallet.publicKey, limits),
      await build.revokeDelegate(trader.wallet.publicKey),
    ]) {
      for (const meta of instruction.keys) if (meta.isSigner) meta.pubkey = stranger.publicKey;
      expect(exchange().send([instruction], [stranger]).error).toBe('NotOwner');
    }
  });
});

describe('deposit_collateral and withdraw_collateral', () => {
  it('moves tokens in and out, unit for unit', async () => {
    const trader = await exchange().trader(0n);
    const owner = trader.wallet.publicKey;
    const deposit = await build.depositCollateral(owner, trader.tokens, 70n * USDC);
    const deposited = must(exchange().send([deposit], [trader.wallet]));
    expect(eventOf(deposited, 'collateralDeposited')).toMatchObject({ amount: 70n * USDC, collateral: 70n * USDC });
    const withdraw = await build.withdrawCollateral(owner, trader.tokens, 30n * USDC);
    const withdrawn = must(exchange().send([withdraw], [trader.wallet]));
    expect(eventOf(withdrawn, 'collateralWithdrawn')).toMatchObject({ amount: 30n * USDC, collateral: 40n * USDC });
    expect(tokenBalance(exchange().chain, trader.tokens)).toBe(WALLET_USDC - 40n * USDC);
    expect(tokenBalance(exchange().chain, addresses.vault)).toBe(40n * USDC);
    expect(exchange().account(trader)).toMatchObject({ deposited: 70n * USDC, withdrawn: 30n * USDC });
  });

  it('never pays out more than free collateral', async () => {
    const trader = await exchange().trader(USDC);
    const instruction = await build.withdrawCollateral(trader.wallet.publicKey, trader.tokens, USDC + 1n);
    expect(exchange().send([instruction], [trader.wallet]).error).toBe('InsufficientCollateral');
  });

  it('refuses nothing as an amount', async () => {
    const trader = await exchange().trader(USDC);
    const owner = trader.wallet.publicKey;
    const deposit = await build.depositCollateral(owner, trader.tokens, 0n);
    const withdraw = await build.withdrawCollateral(owner, trader.tokens, 0n);
    expect(exchange().send([deposit], [trader.wallet]).error).toBe('ZeroAmount');
    expect(exchange().send([withdraw], [trader.wallet]).error).toBe('ZeroAmount');
  });

  it('refuses a balance beyond the range of the mathematics', async () => {
    const trader = await exchange().trader(0n);
    const rich = writeTokenAccount(exchange().chain, exchange().mint, trader.wallet.publicKey, 2n * 10n ** 18n);
    const instruction = await build.depositCollateral(trader.wallet.publicKey, rich, 10n ** 18n + 1n);
    expect(exchange().send([instruction], [trader.wallet]).error).toBe('MathOverflow');
  });

  it('stops deposits while paused, and withdrawals never', async () => {
    const trader = await exchange().trader(USDC);
    const owner = trader.wallet.publicKey;
    await exchange().chain.rewrite('exchange', addresses.exchange, (state) => {
      state.pausedOperations = 2 ** 32 - 1;
    });
    const deposit = await build.depositCollateral(owner, trader.tokens, USDC);
    expect(exchange().send([deposit], [trader.wallet]).error).toBe('Paused');
    must(exchange().send([await build.withdrawCollateral(owner, trader.tokens, USDC)], [trader.wallet]));
    await exchange().chain.rewrite('exchange', addresses.exchange, (state) => {
      state.pausedOperations = (2 ** 32 - 1 - pauseDeposit) >>> 0;
    });
    must(exchange().send([deposit], [trader.wallet]));
  });

  it('obeys nobody but the owner', async () => {
    const trader = await exchange().trader(USDC);
    const thief = await exchange().trader(0n);
    const owner = trader.wallet.publicKey;
    for (const instruction of [
      await build.withdrawCollateral(owner, thief.tokens, USDC),
      await build.depositCollateral(owner, trader.tokens, USDC),
    ]) {
      for (const meta of instruction.keys) if (meta.isSigner) meta.pubkey = thief.wallet.publicKey;
      expect(exchange().send([instruction], [thief.wallet]).error).toBe('NotOwner');
    }
  });

  it('accepts no other vault, token, or the vault as destination', async () => {
    const trader = await exchange().trader(USDC);
    const { chain, mint } = exchange();
    const owner = trader.wallet.publicKey;
    const otherMint = writeMint(chain, 6);
    const foreign = writeTokenAccount(chain, otherMint, owner, USDC);
    const ownVault = writeTokenAccount(chain, mint, owner, 0n);
    const send = async (change: (key: string) => Keypair['publicKey'] | undefined, kind: 'in' | 'out') => {
      const instruction =
        kind === 'in'
          ? await build.depositCollateral(owner, trader.tokens, 1n)
          : await build.withdrawCollateral(owner, trader.tokens, 1n);
      for (const meta of instruction.keys) meta.pubkey = change(meta.pubkey.toBase58()) ?? meta.pubkey;
      return exchange().send([instruction], [trader.wallet]).error;
    };
    const swap = (from: Keypair['publicKey'], to: Keypair['publicKey']) => (key: string) =>
      key === from.toBase58() ? to : undefined;
    expect(await send(swap(addresses.vault, ownVault), 'in')).toBe('WrongVault');
    expect(await send(swap(addresses.vault, ownVault), 'out')).toBe('WrongVault');
    expect(await send(swap(trader.tokens, foreign), 'in')).toBe('WrongMint');
    expect(await send(swap(trader.tokens, foreign), 'out')).toBe('WrongMint');
    expect(await send(swap(trader.tokens, addresses.vault), 'out')).not.toBeNull();
  });
});
