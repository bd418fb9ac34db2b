/**
 * `npm run analyst:backtest`: asks the quantitative analyst along the tape of local/tape and prints what its answers were worth, per market
 * and horizon; written to test-results/analyst-backtest.md too. The same every time.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadTape } from '../local/tape/tape.ts';
import { HORIZONS } from '../workers/analyst/quant/contract.ts';
import { backtest } from './lib/analyst-backtest.ts';
import { reportOf } from './lib/analyst-report.ts';

const report = reportOf(backtest(loadTape(), HORIZONS), 'local/tape/perp-1m-2025-06-12.csv');
mkdirSync('test-results', { recursive: true });
writeFileSync(join('test-results', 'analyst-backtest.md'), report);
console.log(report);
