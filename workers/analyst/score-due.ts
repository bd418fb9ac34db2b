import type { AnalysisRepository } from '#db/repositories/analyses.ts';
import { scoreForecast } from './scoring.ts';

/** Forecasts scored, and analyses ended, in one run. */
export const scoredPerRunMax = 200;
/** Prices reach the database in bundles: this long after its end a forecast's price is there. */
const pricesLateMs = 90_000;
/** A forecast that still has no price then is void: the feed was down when it ended. */
const voidAfterMs = 15 * 60_000;

/** Scores forecasts that have expired, each once, and ends what has run out. Run again it goes on where it stood. */
export async function scoreDue(
  analyses: Pick<AnalysisRepository, 'due' | 'score' | 'expire'>,
  nowMs: number,
): Promise<Readonly<Record<string, number>>> {
  const due = await analyses.due(nowMs - pricesLateMs, scoredPerRunMax);
  const decided = due.filter(({ exitPrice, expiresAtMs }) => exitPrice !== null || expiresAtMs < nowMs - voidAfterMs);
  const scored = await analyses.score(
    decided.map((forecast) => ({ id: forecast.id, ...scoreForecast(forecast) })),
    nowMs,
  );
  return { scored, waiting: due.length - decided.length, expired: await analyses.expire(nowMs, scoredPerRunMax) };
}
