import type { Owner } from '#db/repositories/analyses.ts';
import type { Services } from '../api/context.ts';
import { refused } from '../api/errors.ts';
import { newId } from '../platform/ids.ts';
import type { RequestKind } from './contract.ts';

/** Of what one trader may ask within an hour. */
export const requestsPerHourMax: Readonly<Record<RequestKind, number>> = { question: 120, analyze: 60 };
const hourMs = 3_600_000;

const told: Readonly<Record<RequestKind, string>> = {
  question: `You have asked ${requestsPerHourMax.question} questions in an hour. Wait for a while.`,
  analyze: `You have asked for ${requestsPerHourMax.analyze} analyses in an hour. Wait for a while.`,
};

/** Counts a question or an analysis, also one that is refused later. @throws RefusedError AI_007 beyond the hour's. */
export async function admitRequest({ repositories, clock }: Services, owner: Owner, kind: RequestKind): Promise<void> {
  const atMs = clock.nowMs();
  const request = { id: newId(), kind, atMs, windowMs: hourMs, max: requestsPerHourMax[kind] };
  const admission = await repositories.aiRequests.admit(owner, request);
  if (admission.admitted) return;
  const waitMs = admission.oldestAtMs + hourMs - atMs;
  throw refused('AI_007', told[kind], { retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1_000)) });
}
