import { readFileSync } from 'node:fs';
import { TOKEN_PROGRAM_ID } from '@solana/spl-token';
import { Keypair, PublicKey } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import idl from '#program/quantdesk_perp_dex.ts';
import { PROGRAM_ID, addresses } from '#support/program/addresses.ts';
import { ProgramChain, eventOf } from '#support/program/chain.ts';
import { type AccountName, type AccountOf, decodeAccount } from '#support/program/client.ts';
import { books } from '#support/program/conservation.ts';
import { TestExchange, USDC, must } from '#support/program/exchange.ts';
import * as build from '#support/program/instructions.ts';
import { writeTokenAccount } from '#support/program/tokens.ts';

interface Fixture {
  /** Unix seconds when the accounts were read. */
  readonly now: number;
  readonly accounts: readonly { readonly address: string; readonly data: string }[];
  readonly others: readonly { readonly address: string; readonly data: string }[];
}

/**
 * Every account of an exchange as the program with layout 1 wrote them: an open position, a pending deposit for shares, what
 * was settled. Read from that program's own run; nothing in it is made by hand.
 */
const fixture = JSON.parse(readFileSync(new URL('./fixtures/version-1.json', import.meta.url), 'utf8')) as Fixture;
/** Owner of the fixture's trading account. */
const trader = Keypair.fromSeed(new Uint8Array(32).fill(7));

/** A chain with the present program on the old accounts. */
function oldExchange(): ProgramChain {
  const chain = new ProgramChain(BigInt(fixture.now), Keypair.generate().publicKey);
  for (const { address, data } of fixture.accounts)
    chain.setData(new PublicKey(address), PROGRAM_ID, Buffer.from(data, 'base64'));
  for (const { address, data } of fixture.others)
    chain.setData(new PublicKey(address), TOKEN_PROGRAM_ID, Buffer.from(data, 'base64'));
  chain.fund(trader.publicKey);
  return chain;
}

async function migrate(chain: ProgramChain, address: string) {
  return chain.send([await build.migrateAccount(new PublicKey(address))], []);
}

const nameOf = (data: Uint8Array): AccountName => {
  const found = idl.accounts.find(({ discriminator }) =>
    Buffer.from(discriminator).equals(Buffer.from(data.subarray(0, 8))),
  );
  if (found === undefined) throw new Error('not an account of the program');
  return (found.name.charAt(0).toLowerCase() + found.name.slice(1)) as AccountName;
};

/** Fields that layout 2 has and layout 1 had not, and the version itself. */
const added = ['version', 'reserved', 'treasuryAuthority', 'windowSeconds', 'bucketStart', 'used', 'floor'];
function old<Name extends AccountName>(name: Name, data: Uint8Array): Record<string, unknown> {
  const content: AccountOf<Name> = decodeAccount(name, data);
  return Object.fromEntries(Object.entries(content).filter(([field]) => !added.includes(field)));
}

describe('migrate_account', () => {
  it('brings accounts of every type from layout 1 to 2, once, and leaves everything else as it was', async () => {
    const chain = oldExchange();
    const kinds = new Set<AccountName>();
    for (const { address, data } of fixture.accounts) {
      const before = Buffer.from(data, 'base64');
      expect(before[8]).toBe(1);
      const name = nameOf(before);
      kinds.add(name);
      const sent = must(await migrate(chain, address));
      expect(eventOf(sent, 'accountMigrated')).toEqual({ account: address, fromVersion: 1, toVersion: 2 });
      const after = chain.data(new PublicKey(address));
      if (after === undefined) throw new Error(`${name} is gone`);
      expect(after).toHaveLength(before.length);
      expect(decodeAccount(name, after).version).toBe(2);
      const { delegate, ...rest } = old(name, after);
      const { delegate: oldDelegate, ...oldRest } = old(name, before);
      expect(rest, name).toEqual(oldRest);
      if (oldDelegate !== undefined)
        expect(delegate).toEqual({ ...oldDelegate, turnoverWindowStart: BigInt(fixture.now) });
      expect((await migrate(chain, address)).error, name).toBe('WrongVersion');
    }
    const newKinds: AccountName[] = ['proposal', 'withdrawal'];
    const all = idl.accounts.map(({ name }) => name.charAt(0).toLowerCase() + name.slice(1));
    expect([...kinds, ...newKinds].sort()).toEqual([...all].sort());
    const { owned, vault } = books(chain);
    expect(owned).toBe(vault);
  });

  it('makes the admin the treasury’s authority, and gives every account the smallest floor, without a limit', async () => {
    const chain = oldExchange();
    for (const { address } of fixture.accounts) must(await migrate(chain, address));
    const exchange = chain.fetch('exchange', addresses.exchange);
    expect(exchange.treasuryAuthority).toBe(exchange.admin);
    expect(exchange.proposalCount).toBe(0n);
    expect(chain.fetch('outflow', addresses.outflow)).toMatchObject({
      cap: 0n,
      windowSeconds: 86_400,
      floor: 100n * USDC,
      used: 0n,
      usedEarlier: [0n, 0n, 0n],
      queued: 0n,
    });
  });

  it('comes first: every instruction refuses an account of layout 1', async () => {
    const chain = oldExchange();
    const mint = new PublicKey(chain.data(addresses.vault)?.subarray(0, 32) ?? []);
    const tokens = writeTokenAccount(chain, mint, trader.publicKey, USDC);
    const withdraw = async () => {
      const instruction = await build.withdrawCollateral(trader.publicKey, tokens, USDC);
      return chain.send([instruction], [trader]).error;
    };
    expect(await withdraw()).toBe('WrongVersion');
    must(await migrate(chain, addresses.exchange.toBase58()));
    must(await migrate(chain, addresses.outflow.toBase58()));
    expect(await withdraw()).toBe('WrongVersion');
    must(await migrate(chain, addresses.user(trader.publicKey).toBase58()));
    expect(await withdraw()).toBeNull();
  });

  it('touches no account of the present layout, of an unknown layout, or of another program', async () => {
    const exchange = await TestExchange.create();
    const { chain } = exchange;
    expect((await migrate(chain, addresses.pool.toBase58())).error).toBe('WrongVersion');
    const unknown = Keypair.generate().publicKey;
    chain.setData(unknown, PROGRAM_ID, new Uint8Array(64).fill(1));
    expect((await migrate(chain, unknown.toBase58())).error).toBe('WrongVersion');
    chain.setData(unknown, PROGRAM_ID, new Uint8Array(4));
    expect((await migrate(chain, unknown.toBase58())).error).toBe('WrongVersion');
    expect((await migrate(chain, addresses.vault.toBase58())).error).toBe('Anchor 2004');
  });
});

describe('a layout', () => {
  it('of any other version is refused wherever an account is read, whatever its type', async () => {
    const exchange = await TestExchange.create();
    const owner = (await exchange.trader()).wallet;
    const { chain, market } = exchange;
    const tokens = writeTokenAccount(chain, exchange.mint, owner.publicKey, 0n);
    const attempts: [PublicKey, () => ReturnType<typeof build.settleMarket>][] = [
      [addresses.exchange, () => build.withdrawCollateral(owner.publicKey, tokens, 1n)],
      [addresses.outflow, () => build.withdrawCollateral(owner.publicKey, tokens, 1n)],
      [addresses.user(owner.publicKey), () => build.withdrawCollateral(owner.publicKey, tokens, 1n)],
      [market.key, () => build.settleMarket(market.key, market.priceAccount)],
      [addresses.pool, () => build.settleMarket(market.key, market.priceAccount)],
      [addresses.insurance, () => build.settleMarket(market.key, market.priceAccount)],
      [addresses.treasury, () => build.settleMarket(market.key, market.priceAccount)],
    ];
    const run = async (instruction: () => ReturnType<typeof build.settleMarket>) => {
      const built = await instruction();
      return chain.send([built], built.keys.some(({ isSigner }) => isSigner) ? [owner] : []).error;
    };
    for (const [key, instruction] of attempts) {
      const data = chain.data(key);
      if (data === undefined) throw new Error('every account exists');
      for (const version of [0, 1, 3, 255]) {
        const changed = Uint8Array.from(data);
        changed[8] = version;
        chain.setData(key, PROGRAM_ID, changed);
        expect(await run(instruction)).toBe('WrongVersion');
      }
      chain.setData(key, PROGRAM_ID, data);
      expect(await run(instruction)).toBeNull();
    }
  });
});
