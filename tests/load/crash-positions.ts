import { createMintToInstruction } from '@solana/spl-token';
import { Keypair, type TransactionInstruction } from '@solana/web3.js';
import type { MarketSymbol } from '#shared/markets.ts';
import { SIZE_SCALE } from '#shared/money/units.ts';
import type { Chain } from '../../workers/chain/chain.ts';
import type { LatestBlockhash } from '../../workers/chain/rpc.ts';
import { createTokenAccount } from '../../workers/chain/token-account.ts';
import { signTransaction, type SignedTransaction } from '../../workers/chain/transactions.ts';

/** USDC that an owner has as collateral, 1e-6. */
const deposit = 40_000_000n;
const size = SIZE_SCALE;
/** Leverages, in hundredths, that positions are spread over: a fall of 12 % takes all of them below their maintenance margin. */
const leverageMin = 800;
const leverageMax = 1_250;
const ownersAtOnce = 16;
const statusesPerCall = 200;
const attemptsMax = 10;
const blockhashMsMax = 20_000;
/** A price that is on chain already will do: nobody loses by it here. */
const priceAgeSeconds = 3;

export interface CreatedPositions {
  readonly owners: readonly string[];
  readonly transactions: number;
  readonly seconds: number;
}

/**
 * Opens a long position of one base unit for each of so many new owners, by transactions of the real program on the chain: an account with collateral, then the
 * trade, signed by owner and keeper as a trader's own wallet does it. @throws when a transaction does not land after {@link attemptsMax} attempts.
 */
export async function createPositions(chain: Chain, symbol: MarketSymbol, count: number): Promise<CreatedPositions> {
  const startedAtMs = Date.now();
  const sender = new Sender(chain);
  const owners = Array.from({ length: count }, () => Keypair.generate());
  await sender.landAll(owners.map((owner) => () => sender.sign(...opening(chain, owner, symbol))));
  await sender.landAll(
    owners.map((owner, index) => {
      const leverageE2 = leverageMin + Math.floor(((leverageMax - leverageMin) * index) / count);
      return () => sender.sign(...trade(chain, owner, symbol, leverageE2));
    }),
  );
  return {
    owners: owners.map(({ publicKey }) => publicKey.toBase58()),
    transactions: sender.sent,
    seconds: (Date.now() - startedAtMs) / 1_000,
  };
}

type ToSign = readonly [instructions: TransactionInstruction[], payer: Keypair, signers: readonly Keypair[]];

/** Test USDC, an account, its collateral and the account of the position. */
function opening(chain: Chain, owner: Keypair, symbol: MarketSymbol): ToSign {
  const { faucet } = chain.keys;
  if (faucet === null) throw new Error('this network has no faucet');
  const { usdcMint } = chain.addresses;
  const wallet = owner.publicKey;
  const tokens = chain.addresses.usdcAccount(wallet);
  const instructions = [
    createTokenAccount(faucet.publicKey, tokens, wallet, usdcMint),
    createMintToInstruction(usdcMint, tokens, faucet.publicKey, deposit),
    chain.instructions.openUserAccount(wallet, faucet.publicKey),
    chain.instructions.deposit(wallet, deposit),
    chain.instructions.createPosition(wallet, symbol, faucet.publicKey),
  ];
  return [instructions, faucet, [owner]];
}

function trade(chain: Chain, owner: Keypair, symbol: MarketSymbol, leverageE2: number): ToSign {
  const wallet = owner.publicKey;
  const input = {
    ...({ side: 'long', size, leverageE2, worstPrice: 2n ** 62n, orderId: null, expectedSeq: 0n } as const),
    minPublishTime: Math.floor(Date.now() / 1_000) - priceAgeSeconds,
  };
  const signers = { keeper: chain.keeper, ownerSigner: wallet };
  const instruction = chain.instructions.openPosition(wallet, symbol, signers, input);
  return [[instruction], chain.feePayer(wallet), [chain.keys.keeper, owner]];
}

/** Sends transactions, some at once, and looks later which of them landed. */
class Sender {
  readonly #chain: Chain;
  #blockhash: { readonly value: LatestBlockhash; readonly readAtMs: number } | null = null;
  sent = 0;

  constructor(chain: Chain) {
    this.#chain = chain;
  }

  async sign(
    instructions: TransactionInstruction[],
    payer: Keypair,
    signers: readonly Keypair[],
  ): Promise<SignedTransaction> {
    const now = Date.now();
    if (this.#blockhash === null || now - this.#blockhash.readAtMs > blockhashMsMax)
      this.#blockhash = { value: await this.#chain.rpc.getLatestBlockhash(), readAtMs: now };
    return signTransaction(instructions, payer, signers, this.#blockhash.value);
  }

  async landAll(makers: readonly (() => Promise<SignedTransaction>)[]): Promise<void> {
    let open = [...makers];
    for (let attempt = 1; open.length > 0; attempt++) {
      if (attempt > attemptsMax) throw new Error(`${open.length} transactions did not land`);
      open = await this.#missing(open);
    }
  }

  /** Sends each once; answers those that did not land. */
  async #missing(makers: readonly (() => Promise<SignedTransaction>)[]): Promise<(() => Promise<SignedTransaction>)[]> {
    const { rpc } = this.#chain;
    const signatures: string[] = [];
    let next = 0;
    const work = async (): Promise<void> => {
      for (let at = next++; at < makers.length; at = next++) {
        const signed = await (makers[at] as () => Promise<SignedTransaction>)();
        signatures[at] = signed.signature;
        await rpc.sendTransaction(signed.wire);
        this.sent += 1;
      }
    };
    await Promise.all(Array.from({ length: ownersAtOnce }, work));
    const missing: (() => Promise<SignedTransaction>)[] = [];
    for (let from = 0; from < signatures.length; from += statusesPerCall) {
      const statuses = await rpc.getSignatureStatuses(signatures.slice(from, from + statusesPerCall), true);
      for (const [index, status] of statuses.entries()) {
        const maker = makers[from + index];
        if (maker !== undefined && (status === null || status.err !== null)) missing.push(maker);
      }
    }
    return missing;
  }
}
