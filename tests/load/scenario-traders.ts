import { HttpCaller } from '../support/http-caller.ts';
import { startLoadExchange } from './exchange.ts';
import { tally } from './figures.ts';
import type { Scenario } from './scenario.ts';
import { openTraders, operationRows, runStep, settleTraders, stepRow, type StepResult } from './traders.ts';
import { balanceFindings, compareWithChain } from './truth.ts';

const tradersCount = { short: 40, long: 200 };
/** Traders that a step stands for: from a quarter of those that are there to sixteen times as many, all asked for by those that are there. */
const steps = { short: [25, 50], long: [50, 100, 200, 400, 800, 1_600, 3_200] };
const stepSeconds = { short: 10, long: 30 };
/** The step after the first that was too much shows how the exchange degrades. */
const stepsBeyond = 1;
const settleMsMax = 240_000;

/** Traders with a realistic mix, more and more of them until something gives way. */
export const tradersScenario: Scenario = async ({ isShort, say }) => {
  const size = isShort ? 'short' : 'long';
  const exchange = await startLoadExchange();
  const caller = new HttpCaller(exchange.url);
  try {
    const traders = await openTraders(caller, tradersCount[size]);
    say(`${tradersCount[size]} traders opened in ${Math.round(traders.openedSeconds)} s`);
    const results: StepResult[] = [];
    let beyond = 0;
    for (const count of steps[size]) {
      const result = await runStep(exchange, traders, count, stepSeconds[size]);
      results.push(result);
      say(JSON.stringify(stepRow(result)));
      if (result.saturated !== null && ++beyond > stepsBeyond) break;
    }
    const asked = await settleTraders(caller, traders);
    const truth = await compareWithChain(exchange, asked, settleMsMax);
    const balances = await balanceFindings(exchange, caller, traders.accounts);
    const last = results.findLast(({ saturated }) => saturated === null) ?? results[0];
    const warnings = tally(exchange.failures().map((line) => /"message":"([^"]*)"/.exec(line)?.[1] ?? line));
    return {
      notes: [
        `${asked.length} orders asked for, ${asked.filter(({ orderId }) => orderId !== null).length} accepted; ends: ${JSON.stringify(truth.orders)}`,
        `${truth.transactions} transactions, ${truth.fills} fills; vault ${truth.vault} USDC; agreed after ${truth.settledSeconds.toFixed(0)} s`,
        `warnings of the worker: ${JSON.stringify(warnings)}`,
      ],
      tables: [
        { title: 'By step', rows: results.map(stepRow) },
        ...(last === undefined ? [] : [{ title: `By operation, ${last.traders} traders`, rows: operationRows(last) }]),
      ],
      findings: [...truth.findings, ...balances],
    };
  } finally {
    caller.close();
    await exchange.close();
  }
};
