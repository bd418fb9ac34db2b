import { ComputeBudgetProgram, SystemProgram, TransactionMessage, VersionedTransaction } from '@solana/web3.js';
import { env } from 'cloudflare:workers';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chainOf } from '../../../workers/chain/chain.ts';
import { base64OfBytes, bytesOfBase64 } from '../../../workers/chain/rpc.ts';
import { readSettings } from '../../../workers/env.ts';
import type { BuildTransactionRequest } from '#shared/protocol/transactions.ts';
import type { SwitchChange } from '../../../workers/market/contract.ts';
import { controlHermes, resetHermes, until } from '../market/hermes-control.ts';
import { base, setPrice, untilPrice, usdc, Wallet } from './wallet.ts';

const chain = () => chainOf(readSettings(env));
const collateral = async (wallet: Wallet): Promise<bigint> =>
  (await chain().readTrader(wallet.address)).account?.collateral ?? 0n;

/** The same transaction with other instructions in front, signed by the trader. */
function tampered(wallet: Wallet, transaction: string, change: (message: TransactionMessage) => void): string {
  const message = TransactionMessage.decompile(VersionedTransaction.deserialize(bytesOfBase64(transaction)).message);
  change(message);
  const rebuilt = new VersionedTransaction(message.compileToV0Message());
  return wallet.sign(base64OfBytes(rebuilt.serialize()));
}

describe('transactions the trader signs', () => {
  it('the same signed transaction submitted three times lands once and answers one signature', async () => {
    const wallet = await Wallet.open(100n);
    const signed = await wallet.buildAndSign({ action: 'withdraw', params: { amount: usdc(30n) as never } });
    const submit = () => wallet.account.submitTransaction(signed);
    const answers = [...(await Promise.all([submit(), submit()])), await submit()];
    expect(new Set(answers.map((answer) => answer.ok && answer.value.signature)).size).toBe(1);
    expect(answers[2]).toMatchObject({ ok: true, value: { status: 'confirmed' } });
    expect(await collateral(wallet)).toBe(usdc(70n));
  });

  it('opens and closes a position with the trader signing first and the keeper last', async () => {
    const wallet = await Wallet.open(1_000n);
    await wallet.act({
      action: 'open_position',
      params: { symbol: 'SOL-PERP', side: 'short', quantity: base(2n) as never, leverage: 500 },
    });
    expect((await wallet.account.state()).positions).toMatchObject([{ position: { side: 'short', size: base(2n) } }]);
    await wallet.act({ action: 'add_margin', params: { symbol: 'SOL-PERP', amount: usdc(5n) as never } });
    await wallet.act({ action: 'remove_margin', params: { symbol: 'SOL-PERP', amount: usdc(4n) as never } });
    await wallet.act({ action: 'close_position', params: { symbol: 'SOL-PERP' } });
    expect((await wallet.account.state()).positions).toEqual([]);
  });

  it('an instruction that was added, removed or changed is refused; bounded compute budget is not', async () => {
    const wallet = await Wallet.open(100n);
    const built = await wallet.account.buildTransaction({ action: 'withdraw', params: { amount: usdc(1n) as never } });
    if (!built.ok) return expect.fail(built.error.message);
    const { transaction } = built.value;
    const feePayer = chain().feePayer(wallet.keypair.publicKey).publicKey;
    const answer = async (change: (message: TransactionMessage) => void) => {
      const result = await wallet.account.submitTransaction(tampered(wallet, transaction, change));
      return result.ok ? result.value.status : result.error.code;
    };
    const steal = SystemProgram.transfer({
      fromPubkey: feePayer,
      toPubkey: wallet.keypair.publicKey,
      lamports: 1_000_000,
    });
    const price = (microLamports: number) => ComputeBudgetProgram.setComputeUnitPrice({ microLamports });
    expect(await answer((message) => void message.instructions.push(steal))).toBe('TRADING_019');
    expect(await answer((message) => void message.instructions.push(price(10_000_000)))).toBe('TRADING_019');
    const otherAmount = (message: TransactionMessage) => void message.instructions.at(-1)?.data.fill(99, 8, 9);
    expect(await answer(otherAmount)).toBe('TRADING_019');
    expect(await answer((message) => void message.instructions.push(price(100)))).toBe('confirmed');
  });

  it("another wallet's transaction, an unsigned one and nonsense are refused", async () => {
    const [wallet, other] = [await Wallet.open(10n), new Wallet()];
    const signed = await wallet.buildAndSign({ action: 'withdraw', params: { amount: usdc(1n) as never } });
    const built = await wallet.account.buildTransaction({ action: 'withdraw', params: { amount: usdc(1n) as never } });
    for (const transaction of [built.ok ? built.value.transaction : '', 'nonsense', '']) {
      expect(await wallet.account.submitTransaction(transaction)).toMatchObject({ error: { code: 'TRADING_019' } });
    }
    expect(await other.account.submitTransaction(signed)).toMatchObject({ error: { code: 'TRADING_019' } });
  });

  it('what would fail is told before anything is sent', async () => {
    const wallet = await Wallet.open(10n);
    const signed = await wallet.buildAndSign({ action: 'withdraw', params: { amount: usdc(11n) as never } });
    expect(await wallet.account.submitTransaction(signed)).toMatchObject({ error: { code: 'TRADING_002' } });
    const deposit = await wallet.buildAndSign({ action: 'deposit', params: { amount: usdc(100_000n) as never } });
    expect(await wallet.account.submitTransaction(deposit)).toMatchObject({ error: { code: 'CHAIN_004' } });
  });

  it('the faucet gives once a minute, also to requests at the same time', async () => {
    const wallet = new Wallet();
    const [first, twin] = await Promise.all([wallet.account.faucet(), wallet.account.faucet()]);
    expect(first).toMatchObject({ ok: true, value: { sol: 1, usdc: usdc(10_000n) } });
    expect(twin).toEqual(first);
    expect(await wallet.account.faucet()).toMatchObject({ ok: false, error: { code: 'RATE_002' } });
    expect(await chain().rpc.getBalance(wallet.address)).toBe(1_000_000_000n);
  });
});

const switchOff = (operation: SwitchChange['operation'], off: boolean) =>
  env.MARKETS.getByName('SOL-PERP').setSwitch({ operation, off, by: 'operator', reason: 'a test' });

const codeOf = (answer: { ok: boolean; error?: { code: string } }): string => answer.error?.code ?? 'accepted';

const opening: BuildTransactionRequest = {
  action: 'open_position',
  params: { symbol: 'SOL-PERP', side: 'long', quantity: base(1n) as never, leverage: 500 },
};
const short = {
  ...opening,
  params: { ...opening.params, side: 'short', max_slippage_bps: 1_000 },
} as BuildTransactionRequest;
const closing: BuildTransactionRequest = { action: 'close_position', params: { symbol: 'SOL-PERP' } };

const testTimeoutMs = 60_000;

describe('transactions the trader signs while a market is held back', { timeout: testTimeoutMs }, () => {
  let wallet: Wallet;
  beforeEach(async () => {
    await setPrice('150');
    await untilPrice(150n);
    await until('no brake', async () => (await env.MARKETS.getByName('SOL-PERP').snapshot()).controls.brake === null);
    wallet = await Wallet.open(1_000n);
  });
  afterEach(async () => {
    await switchOff('open', false);
    await switchOff('close', false);
  });
  afterAll(resetHermes);

  it('a switch is asked when they are built and again when the exchange would sign what was built before it', async () => {
    const builtBefore = await wallet.buildAndSign(opening);
    await switchOff('open', true);
    expect(codeOf(await wallet.account.buildTransaction(opening))).toBe('MARKET_005');
    expect(codeOf(await wallet.account.submitTransaction(builtBefore))).toBe('MARKET_005');
    expect((await wallet.account.state()).positions).toEqual([]);

    await switchOff('open', false);
    await wallet.act(opening);
    const closeBefore = await wallet.buildAndSign(closing);
    await switchOff('close', true);
    expect(codeOf(await wallet.account.buildTransaction(closing))).toBe('MARKET_005');
    expect(codeOf(await wallet.account.submitTransaction(closeBefore))).toBe('MARKET_005');
    expect((await wallet.account.state()).positions).toHaveLength(1);
    // What the program alone decides needs no signature of the keeper, and no switch holds it back.
    await wallet.act({ action: 'add_margin', params: { symbol: 'SOL-PERP', amount: usdc(5n) as never } });
    await wallet.act({ action: 'request_close', params: { symbol: 'SOL-PERP' } });
  });

  it('the brake of a price that jumped refuses what opens at both moments, and lets what closes through', async () => {
    // The price falls and is back: only more than a doubling trips the brake here, and no such rise would leave a position uncapped.
    await wallet.act(short);
    await setPrice('70');
    await untilPrice(70n);
    const builtBefore = await wallet.buildAndSign(short);
    const market = env.MARKETS.getByName('SOL-PERP');
    // An average that does not follow keeps the brake on.
    await controlHermes({ price: { base: 'SOL', usd: '150', ema: '70' } });
    await until('the brake holds', async () => (await market.snapshot()).controls.brake !== null);
    expect(codeOf(await wallet.account.buildTransaction(short))).toBe('MARKET_004');
    expect(codeOf(await wallet.account.submitTransaction(builtBefore))).toBe('MARKET_004');
    await wallet.act(closing);
    expect((await market.snapshot()).controls.brake).not.toBeNull();
    expect((await wallet.account.state()).positions).toEqual([]);
  });
});
