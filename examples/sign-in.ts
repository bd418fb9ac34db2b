/**
 * Prints an access token for curl: a fresh wallet signs in, takes test funds and opens a trading account with 1,000 USDC.
 *
 *   TOKEN=$(npx node examples/sign-in.ts)
 */
import { parseArgs } from 'node:util';
import { quote, QUOTE_SCALE } from '#shared/money/units.ts';
import { openFundedAccount } from './funded-account.ts';

const { values: flags } = parseArgs({ options: { api: { type: 'string', default: 'http://127.0.0.1:8787' } } });

const { token } = await openFundedAccount(flags.api, quote(1_000n * QUOTE_SCALE));
console.log(token);
