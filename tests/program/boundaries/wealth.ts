import { AccountLayout } from '@solana/spl-token';
import { TOKEN_PROGRAM_ID } from '@solana/spl-token';
import { addresses } from '#support/program/addresses.ts';
import type { TestExchange, TestMarket, Trader } from '#support/program/exchange.ts';
import { bn } from '#support/program/plain.ts';

/** Changes what the vault holds, so that the books still agree with it. */
function vaultPlus(exchange: TestExchange, amount: bigint): void {
  const { chain } = exchange;
  const data = chain.data(addresses.vault);
  if (data === undefined) throw new Error('no vault');
  const vault = AccountLayout.decode(data);
  const next = Buffer.alloc(data.length);
  AccountLayout.encode({ ...vault, amount: vault.amount + amount }, next);
  chain.setData(addresses.vault, TOKEN_PROGRAM_ID, next);
}

/** Gives a trader this collateral, 1e-6 USDC, more than any token account could. */
export async function setCollateral(exchange: TestExchange, trader: Trader, amount: bigint): Promise<void> {
  const before = exchange.account(trader).collateral;
  await exchange.chain.rewrite('userAccount', addresses.user(trader.wallet.publicKey), (account) => {
    account.collateral = bn(amount);
  });
  vaultPlus(exchange, amount - before);
}

/** Gives a market this backing, 1e-6 USDC. */
export async function setBacking(exchange: TestExchange, market: TestMarket, amount: bigint): Promise<void> {
  const before = exchange.marketState(market).backing;
  await exchange.chain.rewrite('market', market.key, (state) => {
    state.backing = bn(amount);
  });
  vaultPlus(exchange, amount - before);
}
