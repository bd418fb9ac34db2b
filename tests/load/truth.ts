import { neon } from '@neondatabase/serverless';
import { setTimeout as sleep } from 'node:timers/promises';
import { MARKETS } from '#shared/markets.ts';
import { formatDecimal, parseDecimal, unsignedUnit } from '#shared/money/decimal.ts';
import { QUOTE_DECIMALS, SIZE_DECIMALS } from '#shared/money/units.ts';
import { addresses } from '#support/program/addresses.ts';
import { ChainTruth, type LandedEvent } from '../chaos/truth/chain.ts';
import { tally } from './figures.ts';
import type { HttpCaller, HttpTrader } from '../support/http-caller.ts';
import type { LoadExchange } from './exchange.ts';
import type { AskedOrder } from './trader-script.ts';

/** What a run left behind, compared with the chain. */
export interface TruthReport {
  /** What does not agree; empty where nothing was lost or doubled. At most {@link findingsMax} of each kind. */
  readonly findings: readonly string[];
  readonly orders: Readonly<Record<string, number>>;
  readonly fills: number;
  readonly liquidations: number;
  readonly transactions: number;
  /** USDC that no margin covered, and what insurance paid of it. */
  readonly badDebt: string;
  readonly insuranceUsed: string;
  readonly vault: string;
  /** Until everything agreed, seconds. */
  readonly settledSeconds: number;
}

const findingsMax = 10;
const pauseMs = 2_000;
const ends = ['filled', 'rejected', 'cancelled', 'expired'];

interface OrderRow {
  readonly id: string;
  readonly stage: string;
  readonly filled: string;
  readonly signature: string | null;
}

/**
 * Waits until the exchange is at rest and everything agrees: each order that was accepted has one row, one end, and one execution on chain exactly
 * where it is filled; the projection's fills, liquidations and positions are the chain's; the vault holds what the program owes. What still
 * differs after `settleMsMax` is reported.
 */
export async function compareWithChain(
  exchange: LoadExchange,
  asked: readonly AskedOrder[],
  settleMsMax: number,
): Promise<TruthReport> {
  const startedAtMs = Date.now();
  for (;;) {
    const report = await compare(exchange, asked);
    const settledSeconds = (Date.now() - startedAtMs) / 1_000;
    if (report.findings.length === 0 || Date.now() - startedAtMs > settleMsMax) return { ...report, settledSeconds };
    await sleep(pauseMs);
  }
}

async function compare(
  exchange: LoadExchange,
  asked: readonly AskedOrder[],
): Promise<Omit<TruthReport, 'settledSeconds'>> {
  const chain = new ChainTruth(exchange.rpcUrl);
  const sql = neon(exchange.databaseUrl);
  const query = async <Row>(text: string): Promise<Row[]> => (await sql.query(text)) as Row[];
  const orders = await query<OrderRow>(
    `SELECT id::text, stage, filled_quantity::text AS filled, transaction_hash AS signature FROM trading_orders`,
  );
  const events = await chain.allEvents();
  const { owned, vault } = await chain.books();
  const fills = events.filter(({ name }) => name === 'positionIncreased' || name === 'positionReduced');
  const liquidations = events.filter(({ name }) => name === 'positionLiquidated');
  const findings = [
    ...orderFindings(orders, fills, asked),
    ...multisetFindings('fill', keysOf(fills), await query<KeyRow>(eventKeys('fills'))),
    ...multisetFindings('liquidation', keysOf(liquidations), await query<KeyRow>(eventKeys('liquidations'))),
    ...(await positionFindings(chain, await query<PositionRow>(openPositions))),
    ...(vault === owned ? [] : [`the vault holds ${usdc(vault)}, the program owes ${usdc(owned)}`]),
  ];
  return {
    findings,
    orders: tally(orders.map(({ stage }) => stage)),
    ...{ fills: fills.length, liquidations: liquidations.length, vault: usdc(vault) },
    transactions: new Set(events.map(({ signature }) => signature)).size,
    badDebt: usdc(sumOf(events, (data) => data.badDebt)),
    insuranceUsed: usdc(sumOf(events, (data) => data.insurance?.covered)),
  };
}

/** Available balances, as the API tells them, against the collateral that the chain has. */
export async function balanceFindings(
  exchange: LoadExchange,
  caller: HttpCaller,
  accounts: readonly HttpTrader[],
): Promise<string[]> {
  const chain = new ChainTruth(exchange.rpcUrl);
  const findings: string[] = [];
  for (const { wallet, token } of accounts) {
    const headers = { authorization: `Bearer ${token}`, 'cf-connecting-ip': caller.newAddress() };
    const { status, text } = await caller.send({ method: 'GET', target: '/api/portfolio/balance', headers });
    // Read as text: the number has every digit.
    const shown = /"available_balance":([\d.]+)/.exec(text)?.[1] ?? '';
    const collateral = usdc((await chain.account(wallet.address))?.collateral ?? 0n);
    if (status !== 200 || shown !== collateral)
      findings.push(`${wallet.address} is shown ${shown || status}, and has ${collateral} USDC`);
  }
  return few('balance of', findings);
}

const usdc = (amount: bigint): string => formatDecimal(amount, QUOTE_DECIMALS);

interface MoneyFields {
  readonly badDebt?: bigint;
  readonly insurance?: { readonly covered?: bigint } | null;
}

const sumOf = (events: readonly LandedEvent[], pick: (data: MoneyFields) => bigint | undefined): bigint =>
  events.reduce((sum, { data }) => sum + (pick(data as MoneyFields) ?? 0n), 0n);

/** Every accepted order has one end; it is executed once where that end is filled, else never. */
function orderFindings(
  orders: readonly OrderRow[],
  fills: readonly LandedEvent[],
  asked: readonly AskedOrder[],
): string[] {
  const rows = new Map(orders.map((order) => [order.id, order]));
  const accepted = asked.flatMap(({ orderId }) => orderId ?? []);
  const executions = new Map<string, LandedEvent[]>();
  for (const fill of fills) {
    const id = uuidOf((fill.data as { orderId: readonly number[] }).orderId);
    executions.set(id, [...(executions.get(id) ?? []), fill]);
  }
  const wanted = new Set(accepted);
  return [
    ...few(
      'an answer is missing for key',
      asked.filter(({ orderId }) => orderId === undefined).map(({ key }) => key),
    ),
    ...few('two keys made order', repeated(accepted)),
    ...few(
      'the database does not have accepted order',
      accepted.filter((id) => !rows.has(id)),
    ),
    ...few(
      'nobody asked for order',
      asked.length === 0 ? [] : orders.map(({ id }) => id).filter((id) => !wanted.has(id)),
    ),
    ...few(
      'no end of order',
      orders.filter(({ stage }) => !ends.includes(stage)).map(({ id, stage }) => `${id} (${stage})`),
    ),
    ...few(
      'execution of order',
      orders.flatMap((order) => executionFinding(order, executions.get(order.id) ?? [])),
    ),
  ];
}

function executionFinding({ id, stage, filled, signature }: OrderRow, executions: readonly LandedEvent[]): string[] {
  // A trade that turns a position has two events: still one execution, in one transaction.
  const signatures = [...new Set(executions.map((execution) => execution.signature))];
  const size = executions.reduce((sum, { data }) => sum + (data as { size: bigint }).size, 0n);
  if (stage !== 'filled') return signatures.length === 0 ? [] : [`${id} is ${stage} and was executed`];
  if (signatures.length !== 1) return [`${id} was executed ${signatures.length} times`];
  if (signatures[0] !== signature) return [`${id} names ${signature}, not ${signatures[0]}`];
  return parseDecimal(filled, unsignedUnit(SIZE_DECIMALS)) === size ? [] : [`${id} has another size on chain`];
}

function uuidOf(bytes: readonly number[]): string {
  const hex = Buffer.from(bytes).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

interface KeyRow {
  readonly key: string;
}

/** What makes a row of an event one of its kind: its transaction, and its place among its owner's events. */
const eventKeys = (table: 'fills' | 'liquidations'): string =>
  `SELECT t.transaction_hash || ' ' || u.wallet_address || ' ' || t.account_seq AS key
   FROM ${table} t JOIN users u ON u.id = t.user_id`;

const keysOf = (events: readonly LandedEvent[]): string[] =>
  events.map(({ signature, data }) => {
    const { owner, accountSeq } = data as { owner: string; accountSeq: bigint };
    return `${signature} ${owner} ${accountSeq}`;
  });

function multisetFindings(what: string, onChain: readonly string[], rows: readonly KeyRow[]): string[] {
  const projected = rows.map(({ key }) => key);
  const [chainSet, rowSet] = [new Set(onChain), new Set(projected)];
  return [
    ...few(`the database has twice the ${what}`, repeated(projected)),
    ...few(
      `the database lacks the ${what}`,
      onChain.filter((key) => !rowSet.has(key)),
    ),
    ...few(
      `the chain lacks the ${what}`,
      projected.filter((key) => !chainSet.has(key)),
    ),
  ];
}

interface PositionRow {
  readonly wallet: string;
  readonly symbol: string;
  readonly side: string;
  readonly size: string;
}

const openPositions = `SELECT u.wallet_address AS wallet, p.market_symbol AS symbol, p.side, p.size::text
  FROM trading_positions p JOIN users u ON u.id = p.user_id WHERE p.is_active`;

async function positionFindings(chain: ChainTruth, rows: readonly PositionRow[]): Promise<string[]> {
  const symbols = new Map(MARKETS.map(({ symbol, index }) => [addresses.market(index).toBase58(), symbol]));
  const sizeUnit = unsignedUnit(SIZE_DECIMALS);
  const held = (await chain.positions())
    .filter(({ state }) => state.size > 0n)
    .map(({ owner, market, state }) => `${owner} ${symbols.get(market)} ${Object.keys(state.side)[0]} ${state.size}`);
  const shown = rows.map(
    ({ wallet, symbol, side, size }) => `${wallet} ${symbol} ${side} ${parseDecimal(size, sizeUnit)}`,
  );
  const [heldSet, shownSet] = [new Set(held), new Set(shown)];
  return [
    ...few(
      'the database lacks the position',
      held.filter((key) => !shownSet.has(key)),
    ),
    ...few(
      'the chain lacks the position',
      shown.filter((key) => !heldSet.has(key)),
    ),
  ];
}

const repeated = (texts: readonly string[]): string[] =>
  Object.entries(tally(texts)).flatMap(([text, count]) => (count > 1 ? [text] : []));

const few = (what: string, subjects: readonly string[]): string[] => {
  const named = subjects.slice(0, findingsMax).map((subject) => `${what} ${subject}`);
  return subjects.length > findingsMax ? [...named, `… and ${subjects.length - findingsMax} more`] : named;
};
