/**
 * 1,000 sockets on one market for ten minutes, at Hermes' pace of a price per 400 ms, against the deployed bundle in workerd.
 *
 *   npm run soak                              (10 minutes)
 *   npm run soak -- --sockets 200 --minutes 1
 */
import { parseArgs } from 'node:util';
import { marketOf } from '#shared/markets.ts';
import { summary } from '../bench/summary.ts';
import { startWorker } from '../support/running-worker.ts';
import { runSoak } from './soak.ts';

const { values: flags } = parseArgs({
  options: {
    sockets: { type: 'string', default: '1000' },
    minutes: { type: 'string', default: '10' },
    processes: { type: 'string', default: '2' },
  },
});

const symbol = 'SOL-PERP';
const worker = await startWorker();
const sockets = Number(flags.sockets);
console.log(`${sockets} sockets on ${symbol}, ${flags.minutes} minutes…`);
const result = await runSoak({
  ...{
    webSocketUrl: worker.webSocketUrl,
    hermesUrl: worker.hermesUrl,
    symbol,
    feedId: marketOf(symbol).feedId,
    sockets,
  },
  ...{ processes: Number(flags.processes), seconds: Number(flags.minutes) * 60 },
});
await worker.close();

const { faults, differing, lost, untold, delivered, lastSocketMs } = result;
console.log(
  Object.entries({ lost, untold, differing, ...faults })
    .map(([name, count]) => `${name} ${count}`)
    .join(', '),
);
for (const [channel, count] of Object.entries(delivered)) console.log(`delivered on ${channel}: ${count}`);
console.log(summary('tick → last socket', lastSocketMs));
const isClean = [lost, untold, differing, ...Object.values(faults)].every((count) => count === 0);
console.log(isClean ? 'nothing lost, nothing out of order' : 'NOT CLEAN');
process.exit(isClean ? 0 : 1);
