import { PublicKey } from '@solana/web3.js';
import { createDatabase } from '#db/client.ts';
import { createDeadLetterRepository } from '#db/repositories/dead-letters.ts';
import { marketOf } from '#shared/markets.ts';
import { displayDecimal } from '#shared/money/format.ts';
import { PRICE_DECIMALS } from '#shared/money/units.ts';
import type { RiskAlert } from '../account/contract.ts';
import { type Chain, chainOf } from '../chain/chain.ts';
import { type Env, readSettings } from '../env.ts';
import { systemClock } from '../platform/clock.ts';
import { failpoint } from '../platform/failpoint.ts';
import { derivedId, positionIdOf } from '../platform/ids.ts';
import { createLogger, errorMessage, type Logger } from '../platform/logger.ts';
import { handOverBeside } from '../observability/sinks.ts';
import { metrics } from '../platform/metrics/registry.ts';
import { backoffMs, withTimeout } from '../platform/retry.ts';
import { attendCandidate, type CandidateOutcome } from './candidate.ts';
import { executeCloseRequest } from './close-request.ts';
import type { KeeperOutcome } from './liquidate.ts';
import { deliveriesMax, type RiskMessage, riskMessageSchema } from './message.ts';
import type { FoundCandidate } from './risk-check.ts';
import { SharedPriceWait } from './shared-price-wait.ts';

const retryPolicy = { retryDelayMsMin: 1_000, retryDelayMsMax: 60_000 };
const nudgeTimeoutMs = 3_000;
/** A market that does not say by then what is switched off has switched nothing off: a switch must not be what lets a position escape. */
const switchesTimeoutMs = 1_000;

interface Batch {
  readonly env: Env;
  readonly chain: Chain;
  readonly prices: SharedPriceWait;
}

interface Delivery extends Batch {
  readonly logger: Logger;
}

/** Re-checks candidates and warns, closes or liquidates; executes requests to close. Each message is acknowledged for itself; one that failed comes again, in the end as a dead letter. */
export async function consumeRiskChecks(
  batch: MessageBatch<RiskMessage>,
  env: Env,
  context: ExecutionContext,
): Promise<void> {
  const chain = chainOf(readSettings(env));
  const shared = { env, chain, prices: new SharedPriceWait(chain.oracle) };
  await Promise.all(batch.messages.map((message) => consume(message, batch.queue, shared)));
  handOverBeside(env, context);
}

async function consume(message: Message<RiskMessage>, queue: string, batch: Batch): Promise<void> {
  const parsed = riskMessageSchema.safeParse(message.body);
  const logger = createLogger({ fields: { part: 'risk', message_id: message.id, request_id: parsed.data?.requestId } });
  if (!parsed.success) {
    logger.error('message does not fit the schema', { body: message.body });
    return message.retry();
  }
  const delivery = { ...batch, logger };
  try {
    const { owner } = parsed.data;
    await failpoint('risk.received', owner, () => handle(parsed.data, delivery));
    const outcome = await handle(parsed.data, delivery);
    await failpoint('risk.released', owner);
    message.ack();
    count(message, parsed.data.kind, outcome);
  } catch (error) {
    if (message.attempts >= deliveriesMax && (await isKept(message, queue, error, delivery))) return message.ack();
    const delaySeconds = Math.ceil(backoffMs(message.attempts, retryPolicy) / 1000);
    metrics.count('quantdesk_risk_checks_total', { kind: parsed.data.kind, outcome: 'retried' });
    logger.warn('risk check failed and will be tried again', { attempts: message.attempts, delaySeconds, error });
    message.retry({ delaySeconds });
  }
}

/** Keeps a message that failed for the last time, with why it did. False where it could not: the queue keeps it without. */
async function isKept(
  message: Message<RiskMessage>,
  queue: string,
  error: unknown,
  { env, logger }: Delivery,
): Promise<boolean> {
  logger.error('message failed every attempt', { body: message.body, attempts: message.attempts, error });
  const { DATABASE_URL: databaseUrl, DATABASE_HTTP_ENDPOINT: httpEndpoint } = readSettings(env);
  const letters = createDeadLetterRepository(createDatabase({ databaseUrl, httpEndpoint }));
  try {
    await letters.store({
      queue,
      messageId: message.id,
      body: message.body,
      error: errorMessage(error),
      attempts: message.attempts,
      createdAtMs: message.timestamp.getTime(),
    });
    metrics.count('quantdesk_dead_letters_total', {});
    return true;
  } catch (failure) {
    logger.error('dead letter not stored', { error: failure });
    return false;
  }
}

type Outcome = 'done' | 'over' | 'warned' | 'unpaid';

/** A decision, and how long it took since the candidate was queued. */
function count(message: Message<RiskMessage>, kind: RiskMessage['kind'], outcome: Outcome): void {
  const waitedMs = Math.max(0, systemClock.nowMs() - message.timestamp.getTime());
  metrics.count('quantdesk_risk_checks_total', { kind, outcome });
  metrics.observe('quantdesk_risk_check_seconds', { kind }, waitedMs / 1_000);
}

async function handle(message: RiskMessage, delivery: Delivery): Promise<Outcome> {
  const { env, chain, prices, logger } = delivery;
  if (message.kind === 'close_request') {
    const outcome = await executeCloseRequest(chain, message);
    await tell(delivery, message, 'request to close executed', outcome);
    return toldOf(outcome);
  }
  const market = env.MARKETS.getByName(message.symbol);
  const switches = await withTimeout(() => market.switches(), switchesTimeoutMs).catch(() => ({}));
  const outcome = await attendCandidate(chain, prices, message, !('liquidate' in switches), logger);
  return finish(message, outcome, delivery);
}

/** Warns or tells, and leaves the market's index as the check found the position. */
async function finish(message: RiskMessage, outcome: CandidateOutcome, delivery: Delivery): Promise<Outcome> {
  const { env, logger } = delivery;
  const { owner, symbol, kind } = message;
  const market = env.MARKETS.getByName(symbol);
  const commandSeq = BigInt(message.commandSeq);
  const isWarning = kind === 'warning';
  switch (outcome.kind) {
    case 'over':
      logger.info('candidate is none any more', { owner, symbol, why: outcome.why });
      // The trader was to be warned at a price that the chain did not take: the next one decides.
      if (isWarning && outcome.isHealthy) await market.lookAgain(owner, true);
      if (outcome.isUnknown) await market.verifyPosition(owner);
      break;
    case 'warning':
      if (isWarning) await warn(message, outcome.check, delivery);
      else await market.lookAgain(owner, false);
      break;
    case 'done':
      await tell(delivery, message, `position ${outcome.what}`, outcome.outcome);
      if (outcome.outcome.kind !== 'unpaid') break;
      await market.pauseCapped(owner, commandSeq);
      return 'unpaid';
  }
  if (!isWarning) await market.releaseCandidate(owner, commandSeq);
  return outcomeOf(outcome);
}

const outcomeOf = (outcome: CandidateOutcome): Outcome => {
  if (outcome.kind === 'warning') return 'warned';
  return outcome.kind === 'done' ? toldOf(outcome.outcome) : 'over';
};

const toldOf = ({ kind }: KeeperOutcome): Outcome => (kind === 'landed' ? 'done' : kind);

async function tell(
  { env, logger }: Delivery,
  { owner, symbol }: RiskMessage,
  what: string,
  outcome: KeeperOutcome,
): Promise<void> {
  if (outcome.kind === 'over') return logger.info('nothing to do any more', { owner, symbol, why: outcome.why });
  if (outcome.kind === 'unpaid') return logger.warn('the pool cannot pay now', { owner, symbol, why: outcome.why });
  logger.info(what, { owner, symbol, signature: outcome.signature, units: outcome.units });
  // The trader hears of it from the event; asking for it now only makes it sooner.
  await env.INDEXER.getByName('main')
    .nudge(outcome.signature, nudgeTimeoutMs)
    .catch((error: unknown) => logger.warn('the indexer did not answer', { error: errorMessage(error) }));
}

/** One alert per crossing: the message carries when the line was crossed, however often it is delivered. */
async function warn(message: RiskMessage, check: FoundCandidate, { env, chain }: Delivery): Promise<void> {
  const { owner } = message;
  const { symbol, position, price } = check;
  const address = chain.addresses.position(new PublicKey(owner), symbol).toBase58();
  const positionId = positionIdOf(address, position.openedSeq);
  const priceText = displayDecimal(price.price, PRICE_DECIMALS, { places: marketOf(symbol).priceDecimals });
  const alert: RiskAlert = {
    id: derivedId('margin-warning', positionId, position.seq, message.publishTime),
    kind: 'margin_warning',
    symbol,
    positionId,
    message: `Your ${symbol} position is close to liquidation: the price is ${priceText} USD now. Add margin or reduce it.`,
    signature: null,
    createdAtMs: systemClock.nowMs(),
  };
  await env.ACCOUNTS.getByName(owner).notifyRisk(alert);
}
