/** What the platforms charge for, in the units of their bills. */
export const billedNames = [
  'workerRequests',
  'cpuMs',
  'objectRequests',
  'objectBusyMs',
  'rowsRead',
  'rowsWritten',
  'queueMessages',
  'dataPoints',
  'rpcCalls',
  'databaseTransactions',
  'databaseStatements',
  'databaseCpuMs',
  'databaseEgressBytes',
  'databaseRowBytes',
  'transactions',
  'signatures',
  'computeUnits',
] as const;

export type BilledName = (typeof billedNames)[number];
export type Billed = Readonly<Record<BilledName, number>>;

/** Messages that come in over sockets count as a twentieth of a request of an object. */
const socketMessagesPerRequest = 20;

/** Sums counts of counted-worker.js, processors and chain into what is charged for. */
export function billedOf(counts: Readonly<Record<string, number>>): Billed {
  const sum = (pattern: RegExp): number =>
    Object.entries(counts).reduce((total, [name, count]) => (pattern.test(name) ? total + count : total), 0);
  const socketMessages = sum(/^webSocketMessage /);
  return {
    workerRequests: sum(/^(requests|queue batches|sweeps)$/),
    // Objects are charged by time, not by this: an upper bound.
    cpuMs: sum(/^cpu worker$/) * 1_000,
    objectRequests: sum(/^(object|alarm) /) + socketMessages / socketMessagesPerRequest,
    objectBusyMs: sum(/^busy_ms (ACCOUNTS|INDEXER|METRIC_TOTALS)$/),
    rowsRead: sum(/^rows_read /),
    rowsWritten: sum(/^rows_written /),
    queueMessages: sum(/^queue sent$/),
    dataPoints: sum(/^data points$/),
    rpcCalls: sum(/^rpc /),
    databaseTransactions: sum(/^database transactions$/),
    databaseStatements: sum(/^database statements$/),
    databaseCpuMs: sum(/^cpu database$/) * 1_000,
    databaseEgressBytes: sum(/^database bytes received$/),
    databaseRowBytes: sum(/^database row bytes$/),
    transactions: sum(/^transactions$/),
    signatures: sum(/^signatures$/),
    computeUnits: sum(/^compute units$/),
  };
}

export const noneBilled = (): Record<BilledName, number> =>
  Object.fromEntries(billedNames.map((name) => [name, 0])) as Record<BilledName, number>;
