/**
 * Trades through the fall of the tape on the running local chain, without API or worker: opens a 20× long in SOL, lets the tape go to the
 * evening of 12 June 2025, and liquidates the position as anyone may, the moment the program allows it. A liquidation takes what restores
 * the margin, so that a falling price takes several, each of a part.
 *
 *   npm start -- --no-web          (in another terminal)
 *   npx node examples/fall.ts
 *
 * With the worker running, its own risk engine is usually faster: the script says who was first.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { BN, type Program } from '@coral-xyz/anchor';
import { getOrCreateAssociatedTokenAccount, mintTo, TOKEN_PROGRAM_ID } from '@solana/spl-token';
import { Keypair, LAMPORTS_PER_SOL, PublicKey } from '@solana/web3.js';
import type { QuantdeskPerpDex } from '#program/quantdesk_perp_dex.ts';
import { formatDecimal } from '#shared/money/decimal.ts';
import { displayPercent } from '#shared/money/format.ts';
import { marketOf } from '#shared/markets.ts';
import { programClient } from '../local/bootstrap/program.ts';
import { Addresses } from '../workers/chain/addresses.ts';
import { controlReplay } from './replay.ts';
import { addressOf, keypairOf, loadOrCreateKeys } from '../local/supervisor/keys.ts';

const { values: flags } = parseArgs({
  options: {
    rpc: { type: 'string', default: 'http://127.0.0.1:8899' },
    hermes: { type: 'string', default: 'http://127.0.0.1:8890' },
    'state-dir': { type: 'string', default: '.quantdesk' },
  },
});

const market = marketOf('SOL-PERP');
const depositUsdc = 1_000_000_000n;
const sizeBase = 10_000_000_000n;
const leverageE2 = 2_000;
const fallStartsAt = '2025-06-12T23:44:00Z';
const tapeMinutesPerMinute = 60;
const waitMsMax = 300_000;
/** Liquidations after which the point is made; the rest of the position stays. */
const stepsMax = 4;

const keys = loadOrCreateKeys(flags['state-dir']);
const keeper = keypairOf(keys.keeper);
const trader = Keypair.generate();
const program = programClient(flags.rpc, trader);
const addresses = new Addresses(program.programId.toBase58(), addressOf(keys.usdcMint));
const accounts = {
  exchange: addresses.exchange,
  market: addresses.market(market.symbol),
  userAccount: addresses.userAccount(trader.publicKey),
  position: addresses.position(trader.publicKey, market.symbol),
  priceUpdate: new PublicKey(market.priceAccount),
};

const say = (text: string) => console.log(text);
const units = (value: BN | bigint) => BigInt(value.toString());
const usd = (price: BN | bigint) => formatDecimal(units(price), 8);
const usdc = (amount: BN | bigint) => formatDecimal(units(amount), 6);
const by = (signature: string | null) => signature ?? 'by the risk engine';

/** Repeats a step until it succeeds: what it needs is a price of a later second. */
async function eventually<T>(step: () => Promise<T>, attemptsMax = 20): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await step();
    } catch (error) {
      if (attempt === attemptsMax) throw error;
      await sleep(250);
    }
  }
}

async function openAccount(client: Program<QuantdeskPerpDex>): Promise<void> {
  const { connection } = client.provider;
  await connection.requestAirdrop(trader.publicKey, 10 * LAMPORTS_PER_SOL);
  const faucet = keypairOf(keys.faucet);
  const mint = keypairOf(keys.usdcMint).publicKey;
  const wallet = await getOrCreateAssociatedTokenAccount(connection, faucet, mint, trader.publicKey);
  await mintTo(connection, faucet, mint, wallet.address, faucet, depositUsdc);
  const owner = trader.publicKey;
  await client.methods
    .openUserAccount()
    .accountsPartial({ owner, payer: owner, userAccount: accounts.userAccount })
    .rpc();
  await client.methods
    .depositCollateral({ amount: new BN(depositUsdc.toString()) })
    .accountsPartial({
      owner,
      exchange: accounts.exchange,
      outflow: addresses.outflow,
      userAccount: accounts.userAccount,
      vault: addresses.vault,
      source: wallet.address,
      tokenProgram: TOKEN_PROGRAM_ID,
    })
    .rpc();
  await client.methods
    .createPosition()
    .accountsPartial({
      payer: owner,
      userAccount: accounts.userAccount,
      market: accounts.market,
      position: accounts.position,
    })
    .rpc();
}

async function openLong(client: Program<QuantdeskPerpDex>): Promise<string> {
  const acceptedAt = Math.floor(Date.now() / 1000);
  const args = {
    side: { long: {} },
    size: new BN(sizeBase.toString()),
    leverageE2,
    worstPrice: new BN((10n ** 12n).toString()),
    orderId: [...Buffer.from(randomUUID().replaceAll('-', ''), 'hex')],
    expectedSeq: new BN(0),
    minPublishTime: new BN(acceptedAt + 1),
  };
  return eventually(() =>
    client.methods
      .openPosition(args)
      .accountsPartial({ ...accounts, keeper: keeper.publicKey, ownerSigner: trader.publicKey })
      .signers([keeper])
      .rpc(),
  );
}

/** Tries to liquidate; null while the program refuses, as it does for a healthy position. */
async function liquidate(client: Program<QuantdeskPerpDex>): Promise<string | null> {
  try {
    return await client.methods
      .liquidatePosition()
      .accountsPartial({ ...accounts, keeper: null, insurance: addresses.insurance, liquidatorAccount: null })
      .rpc();
  } catch {
    return null;
  }
}

say(`trader ${trader.publicKey.toBase58()}`);
await openAccount(program);
say(`account opened with ${usdc(depositUsdc)} USDC`);
const opened = await openLong(program);
const before = await program.account.position.fetch(accounts.position);
say(`long 100 SOL at 20×: margin ${usdc(before.state.margin)} USDC   ${opened}`);

await controlReplay(flags.hermes, { jump: fallStartsAt, speed: tapeMinutesPerMinute });
say(`the tape goes to ${fallStartsAt} at ${tapeMinutesPerMinute} minutes a minute`);
const deadline = Date.now() + waitMsMax;
let held = before.state.size;
for (let step = 1; step <= stepsMax && !held.isZero();) {
  if (Date.now() > deadline) throw new Error('the position was not liquidated in time');
  const signature = await liquidate(program);
  const { state } = await program.account.position.fetch(accounts.position);
  if (state.size.lt(held)) {
    const { price } = await program.account.market.fetch(accounts.market);
    const share = displayPercent(units(held.sub(state.size)), units(held), 1);
    say(
      `${step}: ${share} liquidated at ${usd(price.price)} USD, margin left ${usdc(state.margin)} USDC   ${by(signature)}`,
    );
    held = state.size;
    step++;
  }
  await sleep(400);
}
say(held.isZero() ? 'nothing is left of the position' : `${formatDecimal(units(held), 8)} SOL are still open`);
const account = await program.account.userAccount.fetch(accounts.userAccount);
say(`collateral left: ${usdc(account.collateral)} of ${usdc(depositUsdc)} USDC`);
await controlReplay(flags.hermes, { speed: 1 });
