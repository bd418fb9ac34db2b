import { PublicKey } from '@solana/web3.js';
import { isMarketSymbol } from '#shared/markets.ts';
import type { Chain } from '../chain/chain.ts';
import type { ProgramErrorName } from '../chain/program-errors.ts';
import { type KeeperOutcome, KeeperUndecided, sendAsKeeper } from './liquidate.ts';
import type { RiskMessage } from './message.ts';

/** A request is executed at prices later than this after it (the program's FUTURE_SECONDS_MAX): none that was known then. */
const knownSeconds = 5n;
/** How long its window is from there, in seconds of publish time (the program's CLOSE_REQUEST_WINDOW_SECONDS). */
const windowSeconds = 10n;
/** How long one try waits for the first price of the window. Short: liquidations pass through the same queue, and a batch ends with its slowest. */
const priceWaitMs = 1_000;

/** Refusals that say that there is no request any more. */
const overReasons: ReadonlySet<ProgramErrorName> = new Set(['NoCloseRequest', 'CloseRequestLapsed', 'PositionFlat']);

const over = (why: string): KeeperOutcome => ({ kind: 'over', why });

/**
 * Executes a trader's request to close at the first price of its window. The position's account says whether there is one: a request that was
 * executed, overtaken by a trade or has lapsed is none any more. @throws ChainUnavailable, KeeperUndecided
 */
export async function executeCloseRequest(
  chain: Chain,
  { owner, symbol }: Pick<RiskMessage, 'owner' | 'symbol'>,
): Promise<KeeperOutcome> {
  if (!isMarketSymbol(symbol)) return over(`unknown market ${symbol}`);
  const position = (await chain.readTrader(owner)).positions.get(symbol) ?? null;
  if (position === null || position.size === 0n) return over('position is flat');
  const { closeRequestedAt } = position;
  if (closeRequestedAt === 0n) return over('no request is pending');
  const known = closeRequestedAt + knownSeconds;
  const posted = await chain.oracle.ensure(symbol, Number(known) + 1, priceWaitMs);
  if (posted === null) throw new KeeperUndecided(`no price of ${symbol} for the request yet`);
  if (posted.update.publishTime > known + windowSeconds) return over('it lapsed without a price');
  const trader = new PublicKey(owner);
  return sendAsKeeper(chain, trader, chain.instructions.executeCloseRequest(trader, symbol), overReasons);
}
