import { ed25519 } from '@noble/curves/ed25519.js';
import { Keypair, VersionedTransaction } from '@solana/web3.js';
import { env } from 'cloudflare:workers';
import type { BuildTransactionRequest } from '#shared/protocol/transactions.ts';
import type { OrderRecord, PlaceOrderCommand } from '../../../workers/account/contract.ts';
import { base64OfBytes, bytesOfBase64 } from '../../../workers/chain/rpc.ts';
import { userIdOf } from '../../../workers/platform/ids.ts';
import { controlHermes, until } from '../market/hermes-control.ts';

/** Longer than an order waits behind a breaker that an outage opened, and than a market order lives. */
const orderPatienceMs = 35_000;
const decimals = { size: 10n ** 8n, usdc: 10n ** 6n } as const;

/** A price in 1e-8 USD, whole. */
export const e8 = (usd: bigint): bigint => usd * 10n ** 8n;

export const setPrice = (usd: string): Promise<void> => controlHermes({ price: { base: 'SOL', usd, conf: '0.01' } });

export async function untilPrice(usd: bigint): Promise<void> {
  await until(
    `SOL at ${usd}`,
    async () => (await env.MARKETS.getByName('SOL-PERP').snapshot()).price?.price === e8(usd),
  );
}

/** Base units, whole. */
export const base = (whole: bigint): bigint => whole * decimals.size;
export const usdc = (whole: bigint): bigint => whole * decimals.usdc;

/** A trader with a wallet of his own, who reaches the exchange through his account's object. */
export class Wallet {
  readonly keypair = Keypair.generate();
  readonly address = this.keypair.publicKey.toBase58();
  readonly userId = userIdOf(this.address);

  get account() {
    return env.ACCOUNTS.getByName(this.address);
  }

  /** Funded, with an account that delegates and holds `deposit` USDC (whole). */
  static async open(deposit: bigint): Promise<Wallet> {
    const wallet = new Wallet();
    const drop = await wallet.account.faucet();
    if (!drop.ok) throw new Error(`faucet: ${JSON.stringify(drop.error)}`);
    await wallet.act({ action: 'open_account', params: { deposit: usdc(deposit) as never, delegate: true } });
    await until(
      'the deposit is known',
      async () => (await wallet.account.state()).account?.collateral === usdc(deposit),
    );
    return wallet;
  }

  /** Builds, signs and submits an action. @throws when it did not land. */
  async act(request: BuildTransactionRequest): Promise<string> {
    const submitted = await this.account.submitTransaction(await this.buildAndSign(request));
    if (!submitted.ok || submitted.value.status !== 'confirmed')
      throw new Error(`${request.action}: ${JSON.stringify(submitted)}`);
    return submitted.value.signature;
  }

  async buildAndSign(request: BuildTransactionRequest): Promise<string> {
    const built = await this.account.buildTransaction(request);
    if (!built.ok) throw new Error(`${request.action}: ${JSON.stringify(built.error)}`);
    return this.sign(built.value.transaction);
  }

  /** Signs as a wallet does: its own signature, the others left open. */
  sign(transaction: string): string {
    const parsed = VersionedTransaction.deserialize(bytesOfBase64(transaction));
    parsed.addSignature(
      this.keypair.publicKey,
      ed25519.sign(parsed.message.serialize(), this.keypair.secretKey.slice(0, 32)),
    );
    return base64OfBytes(parsed.serialize());
  }

  order(change: Partial<PlaceOrderCommand> = {}, idempotencyKey: string | null = null): PlaceOrderCommand {
    return {
      meta: { requestId: crypto.randomUUID(), idempotencyKey, bodyHash: 'a' },
      userId: this.userId,
      symbol: 'SOL-PERP',
      side: 'buy',
      orderType: 'market',
      quantity: base(1n),
      price: null,
      stopPrice: null,
      reduceOnly: false,
      leverageE2: 1_000,
      maxSlippageBps: null,
      timeInForce: 'gtc',
      expiresAtMs: null,
      clientOrderId: null,
      takeProfit: null,
      stopLoss: null,
      analysisId: null,
      ...change,
    };
  }

  /** Places an order. @throws when it is refused. */
  async place(change: Partial<PlaceOrderCommand> = {}): Promise<OrderRecord> {
    const placed = await this.account.placeOrder(this.order(change));
    if (!placed.ok) throw new Error(`refused: ${JSON.stringify(placed.error)}`);
    return placed.value;
  }

  /** Waits until an order is in one of the stages. */
  reached(orderId: string, ...stages: OrderRecord['stage'][]): Promise<OrderRecord> {
    const isReached = async () => {
      const order = await this.account.getOrder(orderId);
      return order !== null && stages.includes(order.stage) && order;
    };
    return until(`order is ${stages.join(' or ')}`, isReached, orderPatienceMs);
  }
}
