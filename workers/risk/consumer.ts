import { PublicKey } from '@solana/web3.js';
import { formatDecimal } from '#shared/money/decimal.ts';
import { PRICE_DECIMALS } from '#shared/money/units.ts';
import type { RiskAlert } from '../account/contract.ts';
import { type Chain, chainOf } from '../chain/chain.ts';
import { type Env, readSettings } from '../env.ts';
import { systemClock } from '../platform/clock.ts';
import { derivedId, positionIdOf } from '../platform/ids.ts';
import { createLogger, errorMessage, type Logger } from '../platform/logger.ts';
import { backoffMs } from '../platform/retry.ts';
import { executeCloseRequest } from './close-request.ts';
import { closeCapped, type KeeperOutcome, liquidate } from './liquidate.ts';
import { type RiskMessage, riskMessageSchema } from './message.ts';
import { checkCandidate, type RiskCheck } from './risk-check.ts';

const retryPolicy = { retryDelayMsMin: 1_000, retryDelayMsMax: 60_000 };
const nudgeTimeoutMs = 3_000;
/** One warning per position and state in this time, however often the price crosses its threshold. */
const warningPauseMs = 15 * 60_000;

type Found = Exclude<RiskCheck, { kind: 'over' }>;

/** Re-checks candidates and warns, closes or liquidates; executes requests to close. Each message is acknowledged for itself; one that failed comes again, in the end as a dead letter. */
export async function consumeRiskChecks(
  batch: MessageBatch<RiskMessage>,
  env: Env,
  _context: ExecutionContext,
): Promise<void> {
  const chain = chainOf(readSettings(env));
  await Promise.all(batch.messages.map((message) => consume(message, env, chain)));
}

async function consume(message: Message<RiskMessage>, env: Env, chain: Chain): Promise<void> {
  const parsed = riskMessageSchema.safeParse(message.body);
  const logger = createLogger({ fields: { part: 'risk', message_id: message.id, request_id: parsed.data?.requestId } });
  if (!parsed.success) {
    logger.error('message does not fit the schema', { body: message.body });
    return message.retry();
  }
  try {
    await handle(parsed.data, env, chain, logger);
    const { kind, symbol, owner, commandSeq } = parsed.data;
    if (kind !== 'close_request') await env.MARKETS.getByName(symbol).releaseCandidate(owner, BigInt(commandSeq));
    message.ack();
  } catch (error) {
    const delaySeconds = Math.ceil(backoffMs(message.attempts, retryPolicy) / 1000);
    logger.warn('risk check failed and will be tried again', { attempts: message.attempts, delaySeconds, error });
    message.retry({ delaySeconds });
  }
}

async function handle(message: RiskMessage, env: Env, chain: Chain, logger: Logger): Promise<void> {
  const { owner, symbol } = message;
  if (message.kind === 'close_request')
    return tell(env, logger, message, 'request to close executed', await executeCloseRequest(chain, message));
  const check = await checkCandidate(chain, message, systemClock.nowMs);
  if (check.kind === 'over') return logger.info('candidate is none any more', { owner, symbol, why: check.why });
  if (check.kind === 'warning') return warn(env, chain, owner, check);
  if (check.kind === 'capped')
    return tell(env, logger, message, 'capped position closed', await closeCapped(chain, owner, check.symbol));
  return tell(env, logger, message, 'position liquidated', await liquidate(chain, owner, check.symbol));
}

async function tell(
  env: Env,
  logger: Logger,
  { owner, symbol }: RiskMessage,
  what: string,
  outcome: KeeperOutcome,
): Promise<void> {
  if (outcome.kind === 'over') return logger.info('nothing to do any more', { owner, symbol, why: outcome.why });
  logger.info(what, { owner, symbol, signature: outcome.signature, units: outcome.units });
  // The trader hears of it from the event; asking for it now only makes it sooner.
  await env.INDEXER.getByName('main')
    .nudge(outcome.signature, nudgeTimeoutMs)
    .catch((error: unknown) => logger.warn('the indexer did not answer', { error: errorMessage(error) }));
}

async function warn(env: Env, chain: Chain, owner: string, check: Found): Promise<void> {
  const now = systemClock.nowMs();
  const address = chain.addresses.position(new PublicKey(owner), check.symbol).toBase58();
  const positionId = positionIdOf(address, check.position.openedSeq);
  const alert: RiskAlert = {
    id: derivedId('margin-warning', positionId, check.position.seq, Math.floor(now / warningPauseMs)),
    kind: 'margin_warning',
    symbol: check.symbol,
    positionId,
    message: `Your ${check.symbol} position is close to liquidation at ${formatDecimal(check.price.price, PRICE_DECIMALS)} USD. Add margin or reduce it.`,
    signature: null,
    createdAtMs: now,
  };
  await env.ACCOUNTS.getByName(owner).notifyRisk(alert);
}
