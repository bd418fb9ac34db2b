/**
 * Liquidates whoever may be liquidated, as anyone may, and is paid for it: finds unhealthy positions in the public API, sends the program's
 * `liquidate_position` with a wallet of its own through the public RPC, and collects the reward in its own trading account.
 *
 *   npx node examples/liquidator.ts                       (local: a fresh wallet takes test SOL for its fees)
 *   npx node examples/liquidator.ts --api https://… --rpc https://… --keypair ~/liquidator.json
 *
 * Only the order of arrival decides: the exchange's own keeper is one liquidator among others. Who comes second is refused by the
 * simulation, before it costs a fee.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { AnchorProvider, Program, type Wallet } from '@coral-xyz/anchor';
import {
  Connection,
  Keypair,
  LAMPORTS_PER_SOL,
  PublicKey,
  Transaction,
  type TransactionInstruction,
} from '@solana/web3.js';
import idl, { type QuantdeskPerpDex } from '#program/quantdesk_perp_dex.ts';

/** What a liquidator needs of the world. */
export interface LiquidatorOptions {
  readonly api: string;
  readonly rpc: string;
  readonly wallet: Keypair;
  readonly say: (line: string) => void;
  readonly fetch?: typeof fetch;
}

/** The fields of `GET /api/risk/liquidatable` that are used here. */
interface Liquidatable {
  readonly symbol: string;
  readonly owner: string;
  readonly accounts: Record<'market' | 'exchange' | 'user_account' | 'position' | 'price_update' | 'insurance', string>;
}

const pauseMs = 400;
const confirmPollMs = 100;
const confirmPollsMax = 100;
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Opens the liquidator's account where there is none; answers a function that looks once and liquidates what it finds. */
export async function createLiquidator({ api, rpc, wallet, say, fetch: ask = fetch }: LiquidatorOptions) {
  const connection = new Connection(rpc, 'confirmed');
  const provider = new AnchorProvider(connection, { publicKey: wallet.publicKey } as Wallet, {});
  const program = new Program<QuantdeskPerpDex>(idl, provider);
  const owner = wallet.publicKey;
  const [liquidatorAccount] = PublicKey.findProgramAddressSync(
    [Buffer.from('user'), owner.toBuffer()],
    program.programId,
  );
  const collateral = async () => (await program.account.userAccount.fetch(liquidatorAccount)).collateral;

  /** Simulates, sends and waits. Null where the simulation or the chain refused. */
  async function send(instruction: TransactionInstruction): Promise<string | null> {
    const { blockhash, lastValidBlockHeight } = await connection.getLatestBlockhash();
    const transaction = new Transaction({ feePayer: owner, blockhash, lastValidBlockHeight }).add(instruction);
    transaction.sign(wallet);
    const simulated = await connection.simulateTransaction(transaction);
    if (simulated.value.err !== null) return null;
    const signature = await connection.sendRawTransaction(transaction.serialize(), { skipPreflight: true });
    for (let poll = 0; poll < confirmPollsMax; poll++) {
      const { value } = await connection.getSignatureStatus(signature);
      if (value?.err) return null;
      if (value?.confirmationStatus === 'confirmed' || value?.confirmationStatus === 'finalized') return signature;
      await sleep(confirmPollMs);
    }
    return null;
  }

  if ((await connection.getAccountInfo(liquidatorAccount)) === null) {
    const accounts = { owner, payer: owner, userAccount: liquidatorAccount };
    await send(await program.methods.openUserAccount().accountsPartial(accounts).instruction());
  }

  /** One look: liquidates everybody found. Answers how many, and what it was paid for them, 1e-6 USDC. */
  return async function liquidateOnce(): Promise<{ readonly liquidated: number; readonly paid: bigint }> {
    const response = await ask(`${api}/api/risk/liquidatable`);
    if (!response.ok) throw new Error(`the API answers ${response.status}`);
    const before = await collateral();
    let liquidated = 0;
    for (const { symbol, owner: trader, accounts } of (await response.json()) as Liquidatable[]) {
      const instruction = await program.methods
        .liquidatePosition()
        .accountsPartial({
          keeper: null,
          exchange: accounts.exchange,
          market: accounts.market,
          userAccount: accounts.user_account,
          position: accounts.position,
          priceUpdate: accounts.price_update,
          insurance: accounts.insurance,
          liquidatorAccount,
        })
        .instruction();
      const signature = await send(instruction);
      say(
        signature === null ? `${trader} in ${symbol}: nothing to do any more` : `${trader} in ${symbol}: ${signature}`,
      );
      if (signature !== null) liquidated += 1;
    }
    const paid = BigInt((await collateral()).sub(before).toString());
    if (liquidated > 0) say(`paid ${Number(paid) / 1e6} USDC for ${liquidated}`);
    return { liquidated, paid };
  };
}

async function main(): Promise<void> {
  const { values: flags } = parseArgs({
    options: {
      api: { type: 'string', default: 'http://127.0.0.1:8787' },
      rpc: { type: 'string', default: 'http://127.0.0.1:8899' },
      keypair: { type: 'string' },
    },
  });
  const secret = flags.keypair === undefined ? null : (JSON.parse(readFileSync(flags.keypair, 'utf8')) as number[]);
  const wallet = secret === null ? Keypair.generate() : Keypair.fromSecretKey(Uint8Array.from(secret));
  if (secret === null) await new Connection(flags.rpc, 'confirmed').requestAirdrop(wallet.publicKey, LAMPORTS_PER_SOL);
  const liquidateOnce = await createLiquidator({
    api: flags.api,
    rpc: flags.rpc,
    wallet,
    say: (line) => console.log(line),
  });
  console.log(`liquidating as ${wallet.publicKey.toBase58()}; Ctrl-C ends it`);
  for (;;) {
    await liquidateOnce().catch((error: unknown) => console.error(error instanceof Error ? error.message : error));
    await sleep(pauseMs);
  }
}

if (import.meta.main) await main();
