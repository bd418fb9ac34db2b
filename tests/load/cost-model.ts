import { type Billed, type BilledName, billedNames, noneBilled } from './billed.ts';
import { lineUsd, planUsd, type PricedName, prices } from './prices.ts';

/** What `npm run load -- operations` measured. */
export interface Measured {
  readonly restPerSecond: Billed;
  readonly actions: Readonly<Record<string, Billed>>;
}

/** What a user does in a month of 30 days, by action of the measurement. Assumptions, all of them in this table. */
export const behaviour: readonly { readonly action: string; readonly perMonth: number; readonly why: string }[] = [
  {
    action: 'sign-in',
    perMonth: 4,
    why: 'a session lives 30 days while it is refreshed; four devices or wallets’ switches',
  },
  { action: 'page of the terminal', perMonth: 60, why: 'two visits a day, the files themselves come from Pages' },
  { action: 'socket minute', perMonth: 900, why: 'half an hour a day with a market open' },
  { action: 'read of an object', perMonth: 300, why: 'ten screens a day: positions, balance' },
  { action: 'list of orders', perMonth: 120, why: 'four looks a day at the orders, which their object has' },
  { action: 'read of a market', perMonth: 120, why: 'four looks a day at the list of markets' },
  { action: 'preview', perMonth: 150, why: 'five an order' },
  { action: 'limit order', perMonth: 15, why: 'every second day one' },
  { action: 'amendment', perMonth: 6, why: 'two in five limit orders are moved' },
  { action: 'cancellation', perMonth: 9, why: 'three in five limit orders are taken back' },
  {
    action: 'market order opened and closed',
    perMonth: 15,
    why: 'every second day one position; filled limit orders among them',
  },
  { action: 'deposit', perMonth: 1, why: 'or a withdrawal, which costs the same' },
  { action: 'liquidation', perMonth: 0.1, why: 'one user in ten, once' },
];

const secondsPerMonth = 30 * 86_400;
const bytesPerGb = 1e9;
/** Memory that an object is charged for, GB. */
const objectGb = 0.128;
/** Objects that never sleep: three markets hold a stream of prices, the indexer polls. */
const wakefulObjects = 4;
/** A row of the database takes its bytes, and as many again in indexes and free space. */
const indexFactor = 2.5;
/** History is kept for years: the bill of the month after a year of it. */
const monthsKept = 12;
/** An account's object on disk, bytes: its empty tables and a year of orders. */
const accountObjectBytes = 250_000;
/** A database unit at full work does this many seconds of processor time in an hour; the smallest one never stops. */
const databaseBusyShare = 0.6;
const databaseUnitsMin = 0.25;
const lamportsPerSignature = 5_000;
/** Micro-lamports a unit: a calm hour's median is below, the exchange's ceiling is 200,000. */
const priorityMicroLamports = 20_000;
const queueOperationsPerMessage = 3;
/** Rent of a new user's accounts, lamports: the trading account and two positions; given back never, so it is told apart. */
export const rentLamportsPerUser = 3 * 2_500_000;

/** Points of the portfolios' history: one in five minutes and user, as far as the sweep comes round; not measured, from workers/risk/snapshots.ts. */
const snapshotsPerUserMonth = 8_640;
/** 25 wallets a slice, 60 slices of 100 ms in the six seconds of each minute's sweep. */
const snapshotsPerMonthMax = 25 * 60 * 43_200;
const snapshotBytes = 120;
/** After a month one in twelve is kept. */
const snapshotMonths = 1 + (monthsKept - 1) / 12;

function storedRowBytes(users: number, rowBytesPerMonth: number): number {
  const snapshots = Math.min(users * snapshotsPerUserMonth, snapshotsPerMonthMax);
  return rowBytesPerMonth * monthsKept + snapshots * snapshotBytes * snapshotMonths;
}

export interface Bill {
  readonly users: number;
  readonly lines: readonly { readonly name: PricedName; readonly quantity: number; readonly usd: number }[];
  readonly cloudflare: number;
  readonly neon: number;
  readonly solana: number;
  readonly total: number;
}

/** Everything that is charged for in a month of so many users. @throws when the measurement lacks an action of the behaviour. */
export function monthOf(users: number, { restPerSecond, actions }: Measured): Record<BilledName, number> {
  const sums = noneBilled();
  const add = (billed: Billed, times: number): void => {
    for (const name of billedNames) sums[name] += billed[name] * times;
  };
  add(restPerSecond, secondsPerMonth);
  add(actions.sweep ?? noneBilled(), secondsPerMonth / 60);
  for (const { action, perMonth } of behaviour) {
    const billed = actions[action];
    if (billed === undefined) throw new Error(`${action} was not measured`);
    add(billed, perMonth * users);
  }
  return sums;
}

/** The bill of a month, by line. */
export function billOf(users: number, measured: Measured): Bill {
  const sums = monthOf(users, measured);
  const quantities: Record<PricedName, number> = {
    workerRequests: sums.workerRequests,
    cpuMs: sums.cpuMs,
    objectRequests: sums.objectRequests,
    objectGbSeconds: (wakefulObjects * secondsPerMonth + sums.objectBusyMs / 1_000) * objectGb,
    rowsRead: sums.rowsRead,
    rowsWritten: sums.rowsWritten,
    objectGbMonths: (users * accountObjectBytes) / bytesPerGb,
    queueOperations: sums.queueMessages * queueOperationsPerMessage,
    dataPoints: sums.dataPoints,
    databaseComputeHours: Math.max(
      (databaseUnitsMin * secondsPerMonth) / 3_600,
      sums.databaseCpuMs / 1_000 / 3_600 / databaseBusyShare,
    ),
    databaseGbMonths: (storedRowBytes(users, sums.databaseRowBytes) * indexFactor) / bytesPerGb,
    databaseEgressGb: sums.databaseEgressBytes / bytesPerGb,
    lamports: sums.signatures * lamportsPerSignature + (sums.computeUnits * priorityMicroLamports) / 1e6,
    rpcCalls: sums.rpcCalls,
  };
  const lines = (Object.keys(prices) as PricedName[]).map((name) => ({
    name,
    quantity: quantities[name],
    usd: lineUsd(name, quantities[name]),
  }));
  const sum = (names: RegExp): number =>
    lines.reduce((total, { name, usd }) => (names.test(name) ? total + usd : total), 0);
  const neon = sum(/^database/);
  const solana = sum(/^(lamports|rpcCalls)$/);
  const cloudflare = sum(/./) - neon - solana + planUsd;
  return { users, lines, cloudflare, neon, solana, total: cloudflare + neon + solana };
}

export const userCounts = [100, 10_000, 1_000_000] as const;
