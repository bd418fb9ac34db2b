import { setTimeout as sleep } from 'node:timers/promises';
import { BN, type Program } from '@coral-xyz/anchor';
import { createMint, getOrCreateAssociatedTokenAccount, mintTo, TOKEN_PROGRAM_ID } from '@solana/spl-token';
import { LAMPORTS_PER_SOL, PublicKey, type Keypair } from '@solana/web3.js';
import type { QuantdeskPerpDex } from '#program/quantdesk_perp_dex.ts';
import { MARKETS, type MarketDefinition } from '#shared/markets.ts';
import { keypairOf, type LocalKeys } from '../supervisor/keys.ts';
import { MARKET_PARAMETERS, ORACLE_PARAMETERS, OUTFLOW_LIMITS, POOL_SEED } from './market-parameters.ts';
import { migrateAccounts } from './migrate.ts';
import { addressesOf, programClient } from './program.ts';

const usdcDecimals = 6;
const solPerKey = 1_000;
/** How often, and how long apart, a step that needs a fresh price is tried. */
const priceAttemptsMax = 20;
const priceAttemptDelayMs = 500;

const RECEIVER_PROGRAM = new PublicKey('rec5EKMGg6MxZYaMdyBfgwp4d5rB9T1VQH5pJv5LtFJ');
const BPF_LOADER_UPGRADEABLE = new PublicKey('BPFLoaderUpgradeab1e11111111111111111111111');

export interface BootstrapOptions {
  readonly rpcUrl: string;
  readonly keys: LocalKeys;
}

/**
 * Brings a fresh local chain to a running exchange: test USDC, the exchange with its keeper, every market, a pool with liquidity in every
 * market. Each step looks first, so a second run changes nothing and a broken one is finished.
 */
export async function bootstrap({ rpcUrl, keys }: BootstrapOptions): Promise<void> {
  const admin = keypairOf(keys.admin);
  const program = programClient(rpcUrl, admin);
  await fund(program, [admin, keypairOf(keys.faucet), ...keys.feePayers.map(keypairOf)]);
  await ensureMint(program, keys);
  await migrateAccounts(program);
  await ensureExchange(program, keys);
  for (const market of MARKETS) await ensureMarket(program, admin, market);
  await ensureLiquidity(program, keys);
  await ensureKeeperAccount(program, admin, keypairOf(keys.keeper));
}

/** The keeper's own trading account: rewards of liquidations go there. */
async function ensureKeeperAccount(program: Program<QuantdeskPerpDex>, payer: Keypair, keeper: Keypair): Promise<void> {
  const userAccount = addressesOf(program.programId).userAccount(keeper.publicKey);
  if ((await program.account.userAccount.fetchNullable(userAccount)) !== null) return;
  await program.methods
    .openUserAccount()
    .accountsPartial({ owner: keeper.publicKey, payer: payer.publicKey, userAccount })
    .signers([keeper])
    .rpc();
}

async function fund(program: Program<QuantdeskPerpDex>, keypairs: readonly Keypair[]): Promise<void> {
  const { connection } = program.provider;
  const accounts = await connection.getMultipleAccountsInfo(keypairs.map(({ publicKey }) => publicKey));
  for (const [i, { publicKey }] of keypairs.entries()) {
    if ((accounts[i]?.lamports ?? 0) < LAMPORTS_PER_SOL)
      await connection.requestAirdrop(publicKey, solPerKey * LAMPORTS_PER_SOL);
  }
}

async function ensureMint(program: Program<QuantdeskPerpDex>, keys: LocalKeys): Promise<void> {
  const { connection } = program.provider;
  const mint = keypairOf(keys.usdcMint);
  if ((await connection.getAccountInfo(mint.publicKey)) !== null) return;
  const faucet = keypairOf(keys.faucet);
  await createMint(connection, faucet, faucet.publicKey, null, usdcDecimals, mint);
}

async function ensureExchange(program: Program<QuantdeskPerpDex>, keys: LocalKeys): Promise<void> {
  const addresses = addressesOf(program.programId);
  if ((await program.account.exchange.fetchNullable(addresses.exchange)) !== null) return;
  const admin = keypairOf(keys.admin).publicKey;
  const [programData] = PublicKey.findProgramAddressSync([program.programId.toBuffer()], BPF_LOADER_UPGRADEABLE);
  await program.methods
    .initializeExchange({
      admin,
      riskManager: admin,
      treasuryAuthority: admin,
      keepers: [keypairOf(keys.keeper).publicKey],
      timeLockSeconds: 0,
      poolDelaySeconds: 0,
      lpFeeBps: 10,
      topupCapPerHour: new BN(1_000_000),
      outflowCap: new BN(OUTFLOW_LIMITS.cap.toString()),
      outflowWindowSeconds: OUTFLOW_LIMITS.windowSeconds,
      outflowFloor: new BN(OUTFLOW_LIMITS.floor.toString()),
    })
    .accountsPartial({
      upgradeAuthority: admin,
      programData,
      usdcMint: keypairOf(keys.usdcMint).publicKey,
      tokenProgram: TOKEN_PROGRAM_ID,
    })
    .rpc();
}

/** The program counts symbols as 16 bytes of ASCII, padded with zeros. */
const symbolBytes = (symbol: string): number[] => [...Buffer.alloc(16).fill(symbol, 0, symbol.length, 'ascii')];

async function ensureMarket(
  program: Program<QuantdeskPerpDex>,
  admin: Keypair,
  market: MarketDefinition,
): Promise<void> {
  const addresses = addressesOf(program.programId);
  const address = addresses.market(market.index);
  if ((await program.account.market.fetchNullable(address)) !== null) return;
  const p = MARKET_PARAMETERS[market.symbol];
  const bn = (value: bigint) => new BN(value.toString());
  await program.methods
    .createMarket({
      symbol: symbolBytes(market.symbol),
      oracle: {
        receiverProgram: RECEIVER_PROGRAM,
        priceAccount: new PublicKey(market.priceAccount),
        feedId: [...Buffer.from(market.feedId, 'hex')],
        ...ORACLE_PARAMETERS,
      },
      config: {
        ...p,
        keeperRewardMin: bn(p.keeperRewardMin),
        maxLongOi: bn(p.maxLongOi),
        maxShortOi: bn(p.maxShortOi),
        minPositionNotional: bn(p.minPositionNotional),
        skewScale: bn(p.skewScale),
        fundingSkewScale: bn(p.fundingSkewScale),
        maxFundingRate: bn(p.maxFundingRate),
        borrowBase: bn(p.borrowBase),
        borrowSlope: bn(p.borrowSlope),
        minSettleQuote: bn(p.minSettleQuote),
      },
    })
    .accountsPartial({
      admin: admin.publicKey,
      payer: admin.publicKey,
      exchange: addresses.exchange,
      pool: addresses.pool,
      market: address,
    })
    .rpc();
}

/** A first deposit into the pool, then every market takes its share of it as backing. */
async function ensureLiquidity(program: Program<QuantdeskPerpDex>, keys: LocalKeys): Promise<void> {
  const addresses = addressesOf(program.programId);
  const admin = keypairOf(keys.admin);
  const pool = await program.account.pool.fetch(addresses.pool);
  if (pool.supply.isZero()) await depositLiquidity(program, keys, admin);
  for (const market of MARKETS) {
    const address = addresses.market(market.index);
    const { backing } = await program.account.market.fetch(address);
    if (!backing.isZero()) continue;
    await withFreshPrice(() =>
      program.methods
        .settleMarket()
        .accountsPartial({
          market: address,
          pool: addresses.pool,
          insurance: addresses.insurance,
          treasury: addresses.treasury,
          priceUpdate: new PublicKey(market.priceAccount),
        })
        .rpc(),
    );
  }
}

async function depositLiquidity(program: Program<QuantdeskPerpDex>, keys: LocalKeys, admin: Keypair): Promise<void> {
  const { connection } = program.provider;
  const addresses = addressesOf(program.programId);
  const faucet = keypairOf(keys.faucet);
  const mint = keypairOf(keys.usdcMint).publicKey;
  const wallet = await getOrCreateAssociatedTokenAccount(connection, faucet, mint, admin.publicKey);
  if (wallet.amount < POOL_SEED) await mintTo(connection, faucet, mint, wallet.address, faucet, POOL_SEED);
  const request = () =>
    program.methods
      .requestMint({ amount: new BN(POOL_SEED.toString()) })
      .accountsPartial({
        owner: admin.publicKey,
        payer: admin.publicKey,
        exchange: addresses.exchange,
        pool: addresses.pool,
        lpAccount: addresses.lpAccount(admin.publicKey),
        vault: addresses.vault,
        source: wallet.address,
        tokenProgram: TOKEN_PROGRAM_ID,
      })
      .rpc();
  const execute = () =>
    program.methods
      .executePoolRequest()
      .accountsPartial({
        exchange: addresses.exchange,
        outflow: addresses.outflow,
        pool: addresses.pool,
        keeper: null,
        lpAccount: addresses.lpAccount(admin.publicKey),
        vault: addresses.vault,
        destination: wallet.address,
        tokenProgram: TOKEN_PROGRAM_ID,
      })
      .remainingAccounts(
        MARKETS.map(({ index }) => ({ pubkey: addresses.market(index), isSigner: false, isWritable: true })),
      )
      .rpc();
  await request();
  await withFreshPrice(execute);
}

/** The price accounts follow the replay: right after its start they may be a second away. */
async function withFreshPrice<T>(step: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await step();
    } catch (error) {
      if (attempt === priceAttemptsMax) throw error;
      await sleep(priceAttemptDelayMs);
    }
  }
}
