import { describe, expect, it } from 'vitest';
import idl from '#program/quantdesk_perp_dex.ts';
import { addresses } from '#support/program/addresses.ts';
import { eventOf } from '#support/program/chain.ts';
import { USDC, type Trader, must } from '#support/program/exchange.ts';
import * as build from '#support/program/instructions.ts';
import { bn } from '#support/program/plain.ts';
import { exchangePerTest } from '#support/program/suite.ts';

const window = 10_800;
const bucket = BigInt(window / 3);
const cap = 1_000n * USDC;
/** 1,000 USDC in any three hours, and 100 USDC for each account in any case. */
const limits = { outflowCap: bn(cap), outflowWindowSeconds: window, outflowFloor: bn(100n * USDC) };
const exchange = exchangePerTest({ exchange: limits });

const outflow = () => exchange().chain.fetch('outflow', addresses.outflow);

async function withdraw(trader: Trader, amount: bigint) {
  const instruction = await build.withdrawCollateral(trader.wallet.publicKey, trader.tokens, amount);
  return exchange().send([instruction], [trader.wallet]).error;
}

async function deposit(trader: Trader, amount: bigint) {
  const instruction = await build.depositCollateral(trader.wallet.publicKey, trader.tokens, amount);
  must(exchange().send([instruction], [trader.wallet]));
}

/** What left the vault, by the second it left; negative where it came in. */
class Flows {
  readonly #list: { at: bigint; amount: bigint }[] = [];

  add(amount: bigint): void {
    this.#list.push({ at: exchange().chain.now, amount });
  }

  /**
   * The most that left beyond what came in, over every stretch that fits into one window: reckoned from the start of the
   * bucket it begins in, where something came in; from any moment, where nothing does.
   */
  worst(): bigint {
    const onlyOut = this.#list.every(({ amount }) => amount > 0n);
    let most = 0n;
    for (const { at } of this.#list) {
      const from = onlyOut ? at : at - (at % bucket);
      let sum = 0n;
      for (const flow of this.#list) {
        if (flow.at < from || flow.at - at >= BigInt(window)) continue;
        sum += flow.amount;
        if (sum > most) most = sum;
      }
    }
    return most;
  }
}

describe('what leaves the vault', () => {
  it('never exceeds its limit in one window, to the unit', async () => {
    const trader = await exchange().trader(10_000n * USDC);
    exchange().chain.advance(bucket);
    expect(await withdraw(trader, cap + 1n)).toBe('OutflowExceeded');
    expect(await withdraw(trader, cap)).toBeNull();
    expect(await withdraw(trader, 1n)).toBe('OutflowExceeded');
    exchange().chain.advance(3n * bucket - 1n);
    expect(await withdraw(trader, 101n * USDC)).toBe('OutflowExceeded');
    exchange().chain.advance(bucket);
    expect(await withdraw(trader, cap)).toBeNull();
  });

  it('gets room back by what comes in; what came in beyond what left is no room for a later bucket', async () => {
    const trader = await exchange().trader(10_000n * USDC);
    exchange().chain.advance(bucket);
    expect(await withdraw(trader, cap)).toBeNull();
    await deposit(trader, 400n * USDC);
    expect(await withdraw(trader, 400n * USDC + 1n)).toBe('OutflowExceeded');
    expect(await withdraw(trader, 400n * USDC)).toBeNull();
    exchange().chain.advance(bucket);
    await deposit(trader, 5_000n * USDC);
    exchange().chain.advance(bucket);
    expect(await withdraw(trader, cap + 1n)).toBe('OutflowExceeded');
    expect(await withdraw(trader, cap)).toBeNull();
  });

  it('is not renewed by going in and out again: room comes back when it would have', async () => {
    const [trader, other] = [await exchange().trader(10_000n * USDC), await exchange().trader(10_000n * USDC)];
    exchange().chain.advance(4n * bucket);
    expect(await withdraw(trader, cap)).toBeNull();
    for (let pass = 0; pass < 3; pass += 1) {
      exchange().chain.advance(bucket);
      const owner = trader.wallet.publicKey;
      const round = [
        await build.depositCollateral(owner, trader.tokens, cap),
        await build.withdrawCollateral(owner, trader.tokens, cap),
      ];
      must(exchange().send(round, [trader.wallet]));
    }
    exchange().chain.advance(bucket);
    expect(await withdraw(other, cap)).toBeNull();
  });

  it.each([
    ['withdrawals', 0],
    ['deposits and withdrawals', 4],
  ])('keeps the limit over every position of the window, however %s follow each other', async (_what, oneIn) => {
    const trader = await exchange().trader(100_000n * USDC);
    exchange().chain.advance(4n * bucket);
    const flows = new Flows();
    let seed = 12_345;
    const random = (below: number) => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
      return (seed >> 8) % below;
    };
    let left = 0;
    for (let step = 0; step < 400; step += 1) {
      exchange().chain.advance(BigInt(random(1_500)));
      const amount = BigInt(101 + random(500)) * USDC;
      if (oneIn > 0 && random(oneIn) === 0) {
        await deposit(trader, amount);
        flows.add(-amount);
      } else if ((await withdraw(trader, amount)) === null) {
        flows.add(amount);
        left += 1;
      }
    }
    expect(left).toBeGreaterThan(30);
    expect(flows.worst()).toBeLessThanOrEqual(cap);
    expect(flows.worst()).toBeGreaterThan((cap * 7n) / 10n);
  });

  it('cuts a redemption to the room; the shares not paid for stay with their holder', async () => {
    const holder = await exchange().provide(5_000n * USDC);
    const owner = holder.wallet.publicKey;
    exchange().chain.advance(4n * bucket);
    exchange().price(exchange().market, 10_000_000_000n);
    must(exchange().send([await build.requestRedeem(owner, 4_000n * USDC)], [holder.wallet]));
    const sent = must(await exchange().executePoolRequest(holder));
    const executed = eventOf(sent, 'poolRequestExecuted');
    expect(executed.amount + executed.fee).toBe(cap);
    expect(executed.sharesReturned).toBe(3_000n * USDC);
    expect(outflow().used).toBe(executed.amount);
  });

  it('counts a deposit for shares when it becomes the pool’s, and gives a lapsed one back whatever the limit', async () => {
    const trader = await exchange().trader(10_000n * USDC);
    exchange().chain.advance(4n * bucket);
    const holder = exchange().holder();
    const owner = holder.wallet.publicKey;
    expect(await withdraw(trader, cap)).toBeNull();
    must(exchange().send([await build.requestMint(owner, holder.tokens, 500n * USDC)], [holder.wallet]));
    expect(outflow().used).toBe(cap);
    exchange().chain.advance(71n);
    const release = await build.executePoolRequest(owner, holder.tokens, [], null);
    expect(eventOf(must(exchange().send([release], [])), 'poolRequestLapsed').amount).toBe(500n * USDC);
    expect(outflow().used).toBe(cap);
    exchange().price(exchange().market, 10_000_000_000n);
    await exchange().provide(500n * USDC);
    expect(outflow().used).toBe(cap - 500n * USDC);
  });
});

it('no instruction of traders or liquidity providers writes Exchange, which every trade reads', () => {
  const writers = idl.instructions.filter(({ accounts }) =>
    accounts.some((account) => account.name === 'exchange' && 'writable' in account),
  );
  expect(writers.map(({ name }) => name).sort()).toEqual([
    'accept_admin',
    'add_keeper',
    'cancel_change',
    'create_market',
    'execute_change',
    'initialize_exchange',
    'pause_operations',
    'propose_admin',
    'propose_change',
    'remove_keeper',
    'resume_operations',
  ]);
});
