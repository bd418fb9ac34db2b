/** Tests of the worker's calculations: they need nothing of its runtime, whose start costs each file seconds. */
export const plainWorkerTests = [
  'workers/{account,market}/*.test.ts',
  'workers/analyst/quant/*.test.ts',
  'workers/chain/program-errors.test.ts',
  'workers/platform/{breaker,ids,logger,personal-data,redact,retry,stored-json}.test.ts',
  'workers/platform/metrics/*.test.ts',
  'workers/observability/*.test.ts',
  'tests/workers/market/price-board.test.ts',
];
