import { readFileSync } from 'node:fs';
import { Keypair } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import { localVariables } from '../../local/bootstrap/bootstrap.ts';
import { newKeys } from '../../local/supervisor/keys.ts';
import { NetworkFileInvalid, parseNetwork, readNetworkFile } from './network-file.ts';

const someAddress = () => Keypair.generate().publicKey.toBase58();
const names = [
  'UPGRADE_AUTHORITY',
  'PROGRAM_ID',
  'USDC_MINT',
  'ADMIN_ADDRESS',
  'RISK_MANAGER_ADDRESS',
  'SEEDER_ADDRESS',
];
const variables: Record<string, string> = {
  ...Object.fromEntries(names.map((name) => [name, someAddress()])),
  TREASURY_AUTHORITY_ADDRESS: someAddress(),
  KEEPER_ADDRESSES: `${someAddress()},${someAddress()}`,
  RPC_URL: 'https://rpc.example',
  PROGRAM_ARTIFACT: 'target/deploy/quantdesk_perp_dex.so',
};
const localnet = localVariables({ rpcUrl: 'http://127.0.0.1:8899', keys: newKeys() });
const sourceOf = (network: string) => readFileSync(`networks/${network}.toml`, 'utf8');

/** The problems of a file in which texts were replaced. */
function problemsOf(network: string, ...replacements: (readonly [string, string])[]): readonly string[] {
  const source = replacements.reduce((text, [from, to]) => {
    expect(text).toContain(from);
    return text.replace(from, to);
  }, sourceOf(network));
  try {
    parseNetwork('file', source, network === 'localnet' ? localnet : variables);
    return [];
  } catch (error) {
    if (error instanceof NetworkFileInvalid) return error.problems;
    throw error;
  }
}

it('a network without a file is refused by its name', () => {
  expect(() => readNetworkFile('networks/nope.toml', {})).toThrow(NetworkFileInvalid);
  expect(() => readNetworkFile('networks/nope.toml', {})).toThrow('networks/nope.toml: there is no such network');
});

describe('the file of a network', () => {
  it.each(['localnet', 'devnet', 'mainnet'])('of %s is within every bound of the program', (network) => {
    expect(problemsOf(network)).toEqual([]);
  });

  it('is read to the unit: nothing of an amount is rounded or scaled twice', () => {
    const { markets, pool, governed } = parseNetwork('file', sourceOf('localnet'), localnet);
    expect(pool?.seed).toBe(5_000_000_000_000n);
    expect(governed.outflow_limits.values).toEqual({
      ...{ cap: 2_000_000_000_000n, window_seconds: 86_400, floor: 10_000_000_000n },
    });
    expect(markets[0]?.config.values).toMatchObject({
      ...{ keeper_reward_min: 6_000n, max_long_oi: 5_000_000_000_000n, skew_scale: 160_000_000_000_000n },
      ...{ max_funding_rate: 100_000n, borrow_base: 5_000n, borrow_slope: 50_000n, fee_bps: 6 },
    });
  });

  it('says path, value and range of what is out of bounds, in another unit, finer than the unit, or missing', () => {
    expect(problemsOf('localnet', ['fee_bps = 6', 'fee_bps = 250'])).toEqual([
      'defaults.config.fee_bps = 250: must be a whole number from 0 to 100',
    ]);
    expect(problemsOf('localnet', ['max_skew_bps = 100', 'max_skew_bps = 1.5'])).toEqual([
      'markets.SOL-PERP.config.max_skew_bps = 1.5: must be a whole number from 0 to 65_535',
    ]);
    expect(problemsOf('localnet', ['seed = "5_000_000 USDC"', 'seed = "5_000_000 SOL"'])).toEqual([
      'pool.seed = "5_000_000 SOL": must be text like "10 USDC" from 2 USDC to 1_000_000_000_000 USDC, with at most 6 decimals',
    ]);
    expect(problemsOf('localnet', ['"0.006 USDC"', '"0.0060001 USDC"'])[0]).toMatch(
      /^defaults\.config\.keeper_reward_min = "0\.0060001 USDC": must be text like .* at most 6 decimals$/,
    );
    expect(problemsOf('localnet', ['lp_fee_bps = 10\n', ''])).toEqual([
      'exchange.lp_fee_bps: is missing; must be a whole number from 0 to 1_000',
    ]);
    expect(problemsOf('localnet', ['commitment = "confirmed"', 'commitment = "processed"'])).toEqual([
      'commitment = "processed": must be one of confirmed, finalized',
    ]);
  });

  it('refuses a setting it does not know, and a variable that is not there', () => {
    expect(problemsOf('localnet', ['fee_bps = 6', 'fee_bps = 6\nfee = 6'])).toEqual([
      'defaults.config.fee: is no setting; see docs/networks.md',
    ]);
    expect(problemsOf('localnet', ['mint = "$USDC_MINT"', 'mint = "$NO_MINT"'])).toEqual([
      'usdc.mint = "$NO_MINT": the environment has no NO_MINT',
    ]);
  });

  it('says which line is no TOML, or is said twice, and takes no name from the prototype of an object', () => {
    expect(problemsOf('localnet', ['fee_bps = 6', 'fee_bps: 6'])).toEqual([
      expect.stringMatching(/^line \d+: .*illegal character in key$/),
    ]);
    expect(problemsOf('localnet', ['fee_bps = 6', 'fee_bps = 6\nfee_bps = 7'])[0]).toMatch(
      /^line \d+: .*already defined/,
    );
    expect(problemsOf('localnet', ['[pool]', '[outflow]'])[0]).toMatch(/^line \d+: .*already defined/);
    expect(problemsOf('localnet', ['fee_bps = 6', 'constructor = 6'])[0]).toMatch(/fee_bps: is missing/);
  });

  it('refuses what settings break together, with their values', () => {
    expect(problemsOf('localnet', ['liquidation_fee_bps = 50', 'liquidation_fee_bps = 100'])[0]).toBe(
      'markets.SOL-PERP.config: liquidation_fee_bps must be below maintenance_margin_bps (liquidation_fee_bps = 100, maintenance_margin_bps = 100)',
    );
    expect(problemsOf('localnet', ['cap = "2_000_000 USDC"', 'cap = "9_999 USDC"'])).toEqual([
      'outflow.cap = "9_999 USDC": must be at least outflow.floor ("10_000 USDC"), or "0 USDC" for no limit',
    ]);
    expect(problemsOf('localnet', ['weight_bps = 4_000', 'weight_bps = 5_000'])[0]).toMatch(/add up to 11000/);
    expect(problemsOf('devnet', ['pool_delay_seconds = 60', 'pool_delay_seconds = 0'])[0]).toMatch(/from 60 to 86_400/);
  });

  it("holds a market to the feed that the worker follows, and to the order of the program's indexes", () => {
    expect(
      problemsOf('devnet', ['7UVimffxr9ow1uXYxsr4LHAcV58mLzhmwaeKvJ1pjLiE', variables['SEEDER_ADDRESS'] ?? ''])[0],
    ).toMatch(/^markets\.SOL-PERP\.oracle\.price_account = .* which the worker follows/);
    expect(problemsOf('devnet', ['symbol = "SOL-PERP"', 'symbol = "ETH-PERP"'])[0]).toBe(
      'markets.0.symbol = "ETH-PERP": must be "SOL-PERP": markets are created in the order of their index',
    );
  });

  it('of mainnet refuses what its program refuses: a short time lock, no outflow limit, borrow switched off, a test token', () => {
    const one = (...replacement: readonly [string, string]) => problemsOf('mainnet', replacement)[0];
    expect(one('time_lock_seconds = 172_800', 'time_lock_seconds = 3_600')).toBe(
      'exchange.time_lock_seconds = 3600: must be from 86_400 to 2_592_000 on mainnet',
    );
    expect(one('cap = "20_000 USDC"', 'cap = "0 USDC"')).toMatch(/^outflow\.cap .* on mainnet$/);
    expect(problemsOf('mainnet', ['"0.0005 %/h"', '"0 %/h"'], ['"0.005 %/h"', '"0 %/h"'])[0]).toMatch(
      /^markets\.SOL-PERP\.config: borrow_base and borrow_slope give 0 %\/h .* at least 0\.001 %\/h on mainnet$/,
    );
    expect(one('EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v', variables['USDC_MINT'] ?? '')).toMatch(/^usdc\.mint = /);
  });
});
