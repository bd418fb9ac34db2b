/**
 * Prints an access token for curl: a fresh wallet signs in, takes test funds and opens a trading account with 1,000 USDC.
 *
 *   TOKEN=$(npx node examples/sign-in.ts)
 */
import { parseArgs } from 'node:util';
import { createClient, newIdempotencyKey, openAccountRequest } from '#sdk/index.ts';
import { quote, QUOTE_SCALE } from '#shared/money/units.ts';
import { createWallet } from './wallet.ts';

const { values: flags } = parseArgs({ options: { api: { type: 'string', default: 'http://127.0.0.1:8787' } } });

const wallet = createWallet();
const { auth } = createClient({ baseUrl: flags.api });
const { message } = await auth.nonce(wallet.address);
const { token } = await auth.login(wallet.address, message, wallet.signMessage(message));
const client = createClient({ baseUrl: flags.api, accessToken: () => token });
await client.account.faucet(wallet.address);
const built = await client.transactions.build(openAccountRequest(quote(1_000n * QUOTE_SCALE)));
await client.transactions.submit(wallet.signTransaction(built.transaction), newIdempotencyKey());
console.log(token);
