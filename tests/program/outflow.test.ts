import { describe, expect, it } from 'vitest';
import idl from '#program/quantdesk_perp_dex.ts';
import { addresses } from '#support/program/addresses.ts';
import { USDC, type Trader, must } from '#support/program/exchange.ts';
import * as build from '#support/program/instructions.ts';
import { bn } from '#support/program/plain.ts';
import { exchangePerTest } from '#support/program/suite.ts';

const exchange = exchangePerTest();
const hour = 3_600;

const outflow = () => exchange().chain.fetch('outflow', addresses.outflow);

/** Sets the limit per hour, counted from now. */
async function limit(cap: bigint) {
  const { now } = exchange().chain;
  await exchange().chain.rewrite('outflow', addresses.outflow, (state) => {
    state.cap = bn(cap);
    state.windowSeconds = hour;
    state.windowStart = bn(now);
  });
}

async function withdraw(trader: Trader, amount: bigint) {
  const instruction = await build.withdrawCollateral(trader.wallet.publicKey, trader.tokens, amount);
  return exchange().send([instruction], [trader.wallet]).error;
}

async function deposit(trader: Trader, amount: bigint) {
  const instruction = await build.depositCollateral(trader.wallet.publicKey, trader.tokens, amount);
  must(exchange().send([instruction], [trader.wallet]));
}

describe('what leaves the vault', () => {
  it('has no limit at first, and nothing is counted', async () => {
    const trader = await exchange().trader(1_000n * USDC);
    expect(await withdraw(trader, 1_000n * USDC)).toBeNull();
    expect(outflow()).toMatchObject({ cap: 0n, used: 0n });
  });

  it('never exceeds its limit in one window beyond what came in, to the unit', async () => {
    const trader = await exchange().trader(1_000n * USDC);
    await limit(10n * USDC);
    expect(await withdraw(trader, 10n * USDC + 1n)).toBe('OutflowExceeded');
    expect(await withdraw(trader, 10n * USDC)).toBeNull();
    expect(await withdraw(trader, 1n)).toBe('OutflowExceeded');
    await deposit(trader, 5n * USDC);
    expect(await withdraw(trader, 5n * USDC + 1n)).toBe('OutflowExceeded');
    expect(await withdraw(trader, 5n * USDC)).toBeNull();
    exchange().chain.advance(BigInt(hour) - 1n);
    expect(await withdraw(trader, 1n)).toBe('OutflowExceeded');
    exchange().chain.advance(1n);
    expect(await withdraw(trader, 10n * USDC)).toBeNull();
  });

  it('counts the deposits and payouts of the pool too', async () => {
    const holder = await exchange().provide(100n * USDC);
    await limit(50n * USDC);
    const owner = holder.wallet.publicKey;
    must(exchange().send([await build.requestRedeem(owner, 80n * USDC)], [holder.wallet]));
    expect((await exchange().executePoolRequest(holder)).error).toBe('OutflowExceeded');
    const other = exchange().holder();
    const mint = await build.requestMint(other.wallet.publicKey, other.tokens, 40n * USDC);
    must(exchange().send([mint], [other.wallet]));
    expect(outflow().used).toBe(-40n * USDC);
    must(await exchange().executePoolRequest(holder));
    expect(outflow().used).toBe(80n * USDC - 80_000n - 40n * USDC);
  });
});

it('no instruction of traders or liquidity providers writes Exchange, which every trade reads', () => {
  const writers = idl.instructions.filter(({ accounts }) =>
    accounts.some((account) => account.name === 'exchange' && 'writable' in account),
  );
  expect(writers.map(({ name }) => name).sort()).toEqual(['create_market', 'initialize_exchange']);
});
