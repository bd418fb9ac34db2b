import { createClient, newIdempotencyKey, openAccountRequest, type QuantDeskClient } from '#sdk/index.ts';
import type { Quote } from '#shared/money/units.ts';
import { createWallet } from './wallet.ts';

/** A signed-in trader with test funds and an open trading account: a fresh throw-away wallet, `deposit` USDC as collateral. */
export async function openFundedAccount(
  baseUrl: string,
  deposit: Quote,
): Promise<{ readonly client: QuantDeskClient; readonly token: string }> {
  const wallet = createWallet();
  const { auth } = createClient({ baseUrl });
  const { message } = await auth.nonce(wallet.address);
  const { token } = await auth.login(wallet.address, message, wallet.signMessage(message));
  const client = createClient({ baseUrl, accessToken: () => token });
  await client.account.faucet(wallet.address);
  const built = await client.transactions.build(openAccountRequest(deposit));
  await client.transactions.submit(wallet.signTransaction(built.transaction), newIdempotencyKey());
  return { client, token };
}
