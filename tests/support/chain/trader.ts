import { Keypair, type TransactionInstruction } from '@solana/web3.js';
import type { MarketSymbol } from '#shared/markets.ts';
import type { Chain } from '../../../workers/chain/chain.ts';
import { signFaucetDrop } from '../../../workers/chain/faucet.ts';
import { type SignedTransaction, signTransaction } from '../../../workers/chain/transactions.ts';

const confirmMsMax = 10_000;
const far = { buy: 2n ** 62n, sell: 1n } as const;

/** A wallet that trades on the local chain by itself, its trades co-signed by the keeper; the worker only watches. */
export class ChainTrader {
  readonly chain: Chain;
  readonly keypair = Keypair.generate();
  readonly #seqs = new Map<MarketSymbol, bigint>();

  constructor(chain: Chain) {
    this.chain = chain;
  }

  get wallet(): string {
    return this.keypair.publicKey.toBase58();
  }

  /** Gets funds, and an account that holds `collateral` USDC (whole). */
  async fund(collateral: bigint): Promise<this> {
    const { chain, keypair } = this;
    const drop = await signFaucetDrop(chain, this.wallet);
    if (drop === null || drop === 'empty') throw new Error('the faucet gives nothing');
    await chain.rpc.sendTransaction(drop.wire);
    await chain.confirm(drop, confirmMsMax);
    await this.send([chain.instructions.openUserAccount(keypair.publicKey, keypair.publicKey)]);
    await this.deposit(collateral);
    return this;
  }

  /** Sends and waits for it. Answers the signature. @throws when it did not land. */
  async send(instructions: TransactionInstruction[], signers: readonly Keypair[] = []): Promise<string> {
    const signed = await this.sign(instructions, signers);
    await this.chain.rpc.sendTransaction(signed.wire);
    const confirmation = await this.chain.confirm(signed, confirmMsMax);
    if (confirmation.kind !== 'landed') throw new Error(`did not land: ${JSON.stringify(confirmation)}`);
    return signed.signature;
  }

  async sign(instructions: TransactionInstruction[], signers: readonly Keypair[] = []): Promise<SignedTransaction> {
    return signTransaction(instructions, this.keypair, signers, await this.chain.rpc.getLatestBlockhash());
  }

  /** Whole USDC. */
  deposit(amount: bigint): Promise<string> {
    return this.send([this.chain.instructions.deposit(this.keypair.publicKey, amount * 1_000_000n)]);
  }

  /** Opens or increases; size in 1e-8 base units. */
  async trade(symbol: MarketSymbol, side: 'long' | 'short', size: bigint, leverageE2: number): Promise<string> {
    const owner = this.keypair.publicKey;
    const { instructions } = this.chain;
    const expectedSeq = this.#seqs.get(symbol) ?? 0n;
    const signers = { keeper: this.chain.keeper, ownerSigner: owner };
    const minPublishTime = Math.floor(Date.now() / 1_000);
    const worstPrice = side === 'long' ? far.buy : far.sell;
    const input = { side, size, leverageE2, worstPrice, orderId: crypto.randomUUID(), expectedSeq, minPublishTime };
    const before = expectedSeq === 0n ? [instructions.createPosition(owner, symbol, owner)] : [];
    // The price account follows the feed: its price of this second is there within another one.
    for (let attempt = 1; ; attempt++) {
      try {
        const open = instructions.openPosition(owner, symbol, signers, input);
        const signature = await this.send([...before, open], [this.chain.keys.keeper]);
        this.#seqs.set(symbol, expectedSeq + 1n);
        return signature;
      } catch (error) {
        if (attempt === 20) throw error;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }
  }
}
