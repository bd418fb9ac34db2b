// The worker: HTTP and sockets (api/), one object per market (market/), per wallet (account/) and for the chain's events (indexer/), the queue of
// liquidation candidates (risk/), and a sweep every minute that finds what all of them missed.
import { createApp } from './api/app.ts';
import type { Env } from './env.ts';
import { withFailpointControl } from './platform/failpoint.ts';
import { consumeRiskChecks } from './risk/consumer.ts';
import { storeDeadLetters } from './risk/dead-letter.ts';
import type { RiskMessage } from './risk/message.ts';
import { sweep } from './risk/sweep.ts';

export { AccountObject } from './account/account-object.ts';
export { IndexerObject } from './indexer/indexer-object.ts';
export { MarketObject } from './market/market-object.ts';
export { MetricTotalsObject } from './platform/metrics/metric-totals-object.ts';

const app = createApp();

/** Queues carry their environment's name at the end: `risk-checks`, `risk-checks-staging`. */
const deadLetterQueue = /^risk-dead-letters(-|$)/;
const checksQueue = /^risk-checks(-|$)/;

export default {
  fetch: withFailpointControl<Env>(app.fetch),

  async queue(batch, env, context) {
    if (deadLetterQueue.test(batch.queue)) return storeDeadLetters(batch, env);
    if (checksQueue.test(batch.queue)) return consumeRiskChecks(batch, env, context);
    throw new Error(`no consumer for queue ${batch.queue}`);
  },

  async scheduled(controller, env, context) {
    context.waitUntil(sweep(env, controller.scheduledTime));
  },
} satisfies ExportedHandler<Env, RiskMessage>;
