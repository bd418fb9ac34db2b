/**
 * What the platforms charge, USD, with where it was read and when. Prices are figures of a forecast, not money of the exchange: floats will do.
 */
export interface Price {
  /** What one bill line counts. */
  readonly unit: string;
  /** USD for `per` of them, above `included` each month. */
  readonly usd: number;
  readonly per: number;
  readonly included: number;
  readonly source: string;
}

const million = 1_000_000;
const billion = 1_000 * million;
const objects = 'developers.cloudflare.com/durable-objects/platform/pricing, 24 November 2026';
const objectRows =
  'as D1 (developers.cloudflare.com/d1/platform/pricing, by a copy of 2026); not confirmed for objects';
const workers = 'developers.cloudflare.com/workers/platform/pricing, by a copy of 3 August 2026';
const neonPlans = 'neon.com/docs/introduction/plans (Scale), 12 November 2026';

export const prices = {
  workerRequests: { unit: 'requests of workers', usd: 0.3, per: million, included: 10 * million, source: workers },
  cpuMs: { unit: 'CPU ms of workers', usd: 0.02, per: million, included: 30 * million, source: workers },
  objectRequests: { unit: 'requests of objects', usd: 0.15, per: million, included: million, source: objects },
  objectGbSeconds: { unit: 'GB-s of objects', usd: 12.5, per: million, included: 400_000, source: objects },
  rowsRead: { unit: 'rows read by objects', usd: 0.001, per: million, included: 25 * billion, source: objectRows },
  rowsWritten: { unit: 'rows written by objects', usd: 1, per: million, included: 50 * million, source: objectRows },
  objectGbMonths: {
    ...{ unit: 'GB stored by objects', usd: 0.2, per: 1, included: 5 },
    source: 'not confirmed: the page names the charge (since January 2026), the excerpt read does not show its price',
  },
  queueOperations: {
    ...{ unit: 'operations of queues', usd: 0.4, per: million, included: million },
    source: 'developers.cloudflare.com/queues/platform/pricing, by a copy of 2026',
  },
  dataPoints: {
    ...{ unit: 'data points of Analytics Engine', usd: 0.25, per: million, included: 10 * million },
    source: 'developers.cloudflare.com/analytics/analytics-engine/pricing, 24 November 2026; not billed yet',
  },
  databaseComputeHours: { unit: 'CU-hours', usd: 0.222, per: 1, included: 0, source: neonPlans },
  databaseGbMonths: { unit: 'GB stored by the database', usd: 0.35, per: 1, included: 0, source: neonPlans },
  databaseEgressGb: {
    ...{ unit: 'GB sent by the database', usd: 0.1, per: 1, included: 100 },
    source: 'neon.com/pricing from memory: not confirmed',
  },
  lamports: {
    ...{ unit: 'SOL', usd: 150, per: 1_000_000_000, included: 0 },
    source:
      'assumption: the price of the tape; 5,000 lamports a signature: solana.com/docs/core/fees, 24 November 2026',
  },
  rpcCalls: {
    ...{ unit: 'calls of a Solana node', usd: 5, per: million, included: 0 },
    source: 'assumption: no provider was chosen, none confirmed',
  },
} as const satisfies Record<string, Price>;

export type PricedName = keyof typeof prices;

/** The plans themselves: Workers Paid. Pages serves the terminal's files free of charge. */
export const planUsd = 5;

/** USD a month for so many of a line; what is included is free. */
export function lineUsd(name: PricedName, quantity: number): number {
  const { usd, per, included } = prices[name];
  return (Math.max(0, quantity - included) / per) * usd;
}
