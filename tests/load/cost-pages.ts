import { readFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { type BilledName } from './billed.ts';
import { behaviour, billOf, type Measured, rentLamportsPerUser, userCounts } from './cost-model.ts';
import { markdownTable } from './figures.ts';
import { mix } from './mix.ts';
import { lineUsd, type PricedName, prices } from './prices.ts';

export const scalePage = 'docs/scale.md';
const measuredPath = 'tests/load/measured.json';

export const readMeasured = (): Measured => JSON.parse(readFileSync(measuredPath, 'utf8')) as Measured;

/** The page with its tables as mix, measurement, prices and model have them now. */
export async function scaleText(page = readFileSync(scalePage, 'utf8'), measured = readMeasured()): Promise<string> {
  const tables: Readonly<Record<string, string>> = {
    mix: markdownTable(
      mix.map(({ operation, perMinute, why }) => ({ operation, 'per trader and minute': perMinute, why })),
    ),
    behaviour: markdownTable(
      behaviour.map(({ action, perMonth, why }) => ({ action, 'per user and month': perMonth, why })),
    ),
    measured: measuredTable(measured),
    prices: markdownTable(
      Object.values(prices).map(({ unit, usd, per, included, source }) => ({
        'charged for': unit,
        price: `${usd} USD per ${per.toLocaleString('en-US')}`,
        'included a month': included.toLocaleString('en-US'),
        source,
      })),
    ),
    costs: costTable(measured),
  };
  let text = page;
  for (const [name, table] of Object.entries(tables)) {
    const block = new RegExp(`(<!-- ${name} -->)[\\s\\S]*?(<!-- /${name} -->)`);
    if (!block.test(text)) throw new Error(`${scalePage} has no place for ${name}`);
    text = text.replace(block, (_all, begin: string, end: string) => `${begin}\n\n${table}\n\n${end}`);
  }
  return format(text, { ...(await resolveConfig(scalePage)), filepath: scalePage });
}

const shownNames: readonly (readonly [BilledName, string])[] = [
  ['workerRequests', 'worker requests'],
  ['cpuMs', 'CPU ms'],
  ['objectRequests', 'object requests'],
  ['objectBusyMs', 'object busy ms'],
  ['rowsRead', 'rows read'],
  ['rowsWritten', 'rows written'],
  ['queueMessages', 'queue messages'],
  ['dataPoints', 'data points'],
  ['rpcCalls', 'RPC calls'],
  ['databaseTransactions', 'database transactions'],
  ['databaseStatements', 'statements'],
  ['databaseRowBytes', 'row bytes'],
  ['transactions', 'Solana transactions'],
  ['signatures', 'signatures'],
];

function measuredTable({ restPerSecond, actions }: Measured): string {
  const rows = [['the exchange at rest, a second', restPerSecond] as const, ...Object.entries(actions)];
  return markdownTable(
    rows.map(([action, billed]) => ({
      action,
      ...Object.fromEntries(shownNames.map(([name, title]) => [title, billed[name]])),
    })),
  );
}

const usd = (value: number): string =>
  value.toLocaleString('en-US', { maximumFractionDigits: value < 100 ? 2 : 0, minimumFractionDigits: 0 });

function costTable(measured: Measured): string {
  const bills = userCounts.map((users) => billOf(users, measured));
  const columns = (pick: (bill: (typeof bills)[number]) => string): Record<string, string> =>
    Object.fromEntries(bills.map((bill) => [`${bill.users.toLocaleString('en-US')} users`, pick(bill)]));
  const row = (title: string, pick: (bill: (typeof bills)[number]) => string): Record<string, string> => ({
    'USD a month': title,
    ...columns(pick),
  });
  const lineOf = (name: PricedName) => (bill: (typeof bills)[number]) =>
    usd(bill.lines.find((line) => line.name === name)?.usd ?? 0);
  return markdownTable([
    ...(Object.keys(prices) as PricedName[]).map((name) => row(prices[name].unit, lineOf(name))),
    row('**Cloudflare**, the plan included', ({ cloudflare }) => `**${usd(cloudflare)}**`),
    row('**Neon**', ({ neon }) => `**${usd(neon)}**`),
    row('**Solana**, its node included', ({ solana }) => `**${usd(solana)}**`),
    row('**all**', ({ total }) => `**${usd(total)}**`),
    row('a user', ({ total, users }) => usd(total / users)),
    row('once, rent of their accounts', ({ users }) => usd(lineUsd('lamports', rentLamportsPerUser * users))),
  ]);
}
