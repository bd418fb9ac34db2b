import type { IndexedEvent } from '#shared/events.ts';
import { ChainEvidence } from './chain.ts';
import { isRight, type Verdict } from './check.ts';
import { VerificationFailure } from './failure.ts';
import { verifyFill } from './fill.ts';
import { HermesHistory } from './hermes.ts';
import { verifyLiquidation } from './liquidation.ts';

export interface VerifySources {
  readonly rpcUrl: string;
  readonly hermesUrl: string;
  readonly programId: string;
}

const isTrade = ({ name }: IndexedEvent): boolean => name === 'PositionIncreased' || name === 'PositionReduced';
const isLiquidation = ({ name }: IndexedEvent): boolean => name === 'PositionLiquidated';

/** One event of the chain, recomputed. @throws VerificationFailure where the chain or Hermes cannot be asked. */
export async function verifyEvent(event: IndexedEvent, chain: ChainEvidence, hermes: HermesHistory): Promise<Verdict> {
  const { symbol, state: market } = await chain.market(event);
  return isTrade(event)
    ? verifyFill(event, { symbol, market, hermes })
    : verifyLiquidation(event, { symbol, market, hermes });
}

/** Every fill and liquidation of a transaction, recomputed from chain and Hermes alone. @throws VerificationFailure */
export async function verifySignature(signature: string, sources: VerifySources): Promise<Verdict[]> {
  const chain = new ChainEvidence(sources.rpcUrl, sources.programId);
  const hermes = new HermesHistory(sources.hermesUrl);
  const { events } = await chain.transaction(signature);
  const decided = events.filter((event) => isTrade(event) || isLiquidation(event));
  if (decided.length === 0) throw new VerificationFailure('The transaction holds no fill and no liquidation.');
  return Promise.all(decided.map((event) => verifyEvent(event, chain, hermes)));
}

/** Whether everything the verdict compared is as it has to be. */
export const isVerified = ({ checks }: Verdict): boolean => checks.every(isRight);

/** The verdict in lines to read: what differs is marked and says what it has to be. */
export function verdictLines({ title, checks }: Verdict): string[] {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const lines = checks.map((check) => {
    const mark = check.expected === null ? ' ' : isRight(check) ? '✓' : '✗';
    const instead = isRight(check) ? '' : `   has to be ${check.expected}`;
    return `  ${mark} ${check.name.padEnd(width)}  ${check.stated}${instead}`;
  });
  return [title, ...lines];
}
