import { addressBlock } from '../../platform/client-address.ts';
import type { Session } from '../../account/access-token.ts';
import type { ApiContext } from '../context.ts';
import { refused } from '../errors.ts';
import type { RateClass } from '../rate-class.ts';
import { sessionEnded } from './authenticate.ts';

export const dataRequestsPerMinuteMax = 1_000;
const assistantRequestsPerMinuteMax = 30;
/** The platform's counter says only that its minute is used up. */
const windowSeconds = 60;

/** Where a request comes from, as the edge saw it. */
export const clientAddress = (context: ApiContext): string => context.req.header('cf-connecting-ip') ?? 'unknown';

/**
 * Counts a request and sets the `RateLimit` headers.
 *
 * @throws RefusedError RATE_001 with Retry-After; AUTH_010 for a command of a session that was ended.
 */
export async function limitRate(context: ApiContext, rate: RateClass, session: Session | null): Promise<void> {
  switch (rate) {
    case 'none':
      return;
    case 'trading':
      if (session === null) throw new Error('trading limits need a session');
      return limitTrading(context, session);
    case 'data':
      context.header('RateLimit-Policy', `"data";q=${dataRequestsPerMinuteMax};w=${windowSeconds}`);
      return limitBy(context.env.MARKET_DATA_LIMIT, session?.userId ?? addressBlock(clientAddress(context)));
    case 'assistant':
      context.header('RateLimit-Policy', `"assistant";q=${assistantRequestsPerMinuteMax};w=${windowSeconds}`);
      return limitBy(context.env.ASSISTANT_LIMIT, session?.userId ?? addressBlock(clientAddress(context)));
    case 'sign-in':
      return limitBy(context.env.IP_LIMIT, addressBlock(clientAddress(context)));
  }
}

async function limitTrading(context: ApiContext, session: Session): Promise<void> {
  const admitted = await context.get('services').account(session.wallet).admit(session.sessionId);
  if (admitted === null) throw sessionEnded();
  const { allowed, limit, remaining, resetSeconds } = admitted;
  context.header('RateLimit-Policy', `"trading";q=${limit};w=${windowSeconds}`);
  context.header('RateLimit', `"trading";r=${remaining};t=${resetSeconds}`);
  if (allowed) return;
  const message = `You have used your ${limit} trading requests of this minute. Wait ${resetSeconds} s.`;
  throw refused('RATE_001', message, { retryAfterSeconds: resetSeconds });
}

async function limitBy(limiter: RateLimit, key: string): Promise<void> {
  const { success } = await limiter.limit({ key });
  if (success) return;
  throw refused('RATE_001', 'Too many requests from here. Wait a minute.', { retryAfterSeconds: windowSeconds });
}
