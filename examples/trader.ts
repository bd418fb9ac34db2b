/**
 * A trader's day over the public API: signs in with a wallet, takes test funds, opens an account, buys SOL at 20×, watches the price fall
 * and is liquidated, as the sockets tell it. Needs `npm start` in another terminal.
 *
 *   npx node examples/trader.ts
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { displayDecimal } from '#shared/money/format.ts';
import { quote, QUOTE_SCALE, size, SIZE_SCALE } from '#shared/money/units.ts';
import { createClient, ExchangeStream, newIdempotencyKey, openAccountRequest, type StreamMessage } from '#sdk/index.ts';
import { controlReplay } from './replay.ts';
import { createWallet } from './wallet.ts';

const { values: flags } = parseArgs({
  options: {
    api: { type: 'string', default: 'http://127.0.0.1:8787' },
    hermes: { type: 'string', default: 'http://127.0.0.1:8890' },
  },
});

const symbol = 'SOL-PERP';
const fall = { jump: '2025-06-12T23:44:00Z', speed: 60 };
const waitMsMax = 300_000;
/** Liquidations to wait for. */
const stepsShown = 2;

const say = (text: string) => console.log(text);
const usd = (price: bigint | null) => (price === null ? 'none' : `${displayDecimal(price, 8, { places: 3 })} USD`);
const base = (amount: bigint) => `${displayDecimal(amount, 8, { places: 2 })} SOL`;
const usdc = (amount: bigint | null) => (amount === null ? '–' : `${displayDecimal(amount, 6, { places: 2 })} USDC`);

let accessToken: string | undefined;
const client = createClient({ baseUrl: flags.api, accessToken: () => accessToken });
const wallet = createWallet();

async function signIn(): Promise<void> {
  const { message } = await client.auth.nonce(wallet.address);
  const session = await client.auth.login(wallet.address, message, wallet.signMessage(message));
  accessToken = session.token;
  say(`signed in as ${wallet.address}`);
}

async function openAccount(): Promise<void> {
  const funds = await client.account.faucet(wallet.address);
  say(`faucet: ${usdc(funds.usdc)}`);
  const built = await client.transactions.build(openAccountRequest(quote(1_000n * QUOTE_SCALE)));
  for (const line of built.summary) say(`  signing: ${line}`);
  const sent = await client.transactions.submit(wallet.signTransaction(built.transaction), newIdempotencyKey());
  say(`account opened: ${sent.status} ${sent.signature}`);
}

async function buy(): Promise<void> {
  // Leverage travels in hundredths inside the client: 2,000 is 20×.
  const order = {
    symbol,
    side: 'buy',
    order_type: 'market',
    quantity: size(100n * SIZE_SCALE),
    leverage: 2_000,
  } as const;
  const request = { ...order, reduce_only: false, time_in_force: 'gtc' } as const;
  const preview = await client.orders.preview(request);
  say(
    `preview: fill ${usd(preview.fill_price)}, impact ${usdc(preview.impact)}, fee ${usdc(preview.fee)}, margin ${usdc(preview.margin)}, liquidation at ${usd(preview.liquidation_price)}`,
  );
  const placed = await client.orders.place(request, newIdempotencyKey());
  say(`order ${placed.order_id}: ${placed.stage} at ${usd(placed.average_fill_price)}, fee ${usdc(placed.fee)}`);
  if (placed.stage !== 'filled') throw new Error(placed.error?.message ?? `the order is ${placed.stage}`);
}

/** Resolves when the account's socket has told of `steps` liquidations: each takes what restores the margin, so a falling price takes several. */
function liquidated(steps: number): Promise<void> {
  return new Promise((settle, reject) => {
    const timer = setTimeout(() => reject(new Error('no liquidation in time')), waitMsMax);
    let left = steps;
    const onMessage = (message: StreamMessage) => {
      if (message.kind !== 'risk' || message.type !== 'update') return;
      say(`risk: ${message.data.kind}: ${message.data.message}`);
      if (message.data.kind !== 'liquidated') return;
      left -= 1;
      if (left > 0) return;
      clearTimeout(timer);
      stream.close();
      settle();
    };
    const url = new URL('/ws/account', flags.api.replace(/^http/, 'ws')).href;
    const stream = new ExchangeStream({ url, channels: ['risk'], onMessage, token: async () => accessToken });
    stream.open();
  });
}

/** The read model follows the chain by a moment. */
async function receipts() {
  for (let attempt = 0; attempt < 20; attempt++) {
    const { items } = await client.history.liquidations();
    if (items.length >= stepsShown) return items;
    await sleep(250);
  }
  return [];
}

await signIn();
await openAccount();
await buy();
for (const position of await client.positions.list()) {
  say(
    `position: ${position.side} ${symbol}, entry ${usd(position.entry_price)}, liquidation at ${usd(position.liquidation_price)}`,
  );
}
const end = liquidated(stepsShown);
await controlReplay(flags.hermes, fall);
say(`the tape goes to ${fall.jump} at ${fall.speed} minutes a minute`);
await end;
for (const receipt of await receipts()) {
  say(
    `receipt: ${base(receipt.quantity)} at ${usd(receipt.price)}, fee ${usdc(receipt.liquidation_fee)}   ${receipt.transaction_hash}`,
  );
}
for (const rest of await client.positions.list()) {
  const closed = await client.positions.close(rest.id, newIdempotencyKey());
  say(`the rest, ${base(rest.size)}, closed by the trader: ${closed.stage} at ${usd(closed.average_fill_price)}`);
}
const balance = await client.account.balance();
say(`balance: ${usdc(balance.total_balance)}, realised ${usdc(balance.realized_pnl)}`);
await controlReplay(flags.hermes, { speed: 1 });
process.exit(0);
