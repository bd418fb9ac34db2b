import type { RiskEventRepository, RiskSeverity } from '#db/repositories/risk-events.ts';
import type { IndexerRpc } from '../indexer/contract.ts';
import { derivedId } from '../platform/ids.ts';
import type { Logger } from '../platform/logger.ts';

/** Slots behind the chain's head, about 20 s, and events the database lacks, from which operators are told. */
export const indexerLagSlotsMax = 50;
export const databaseBacklogMax = 1_000;
/** Conditions of all markets that last at once; there are far fewer kinds. */
const lastingMax = 200;

interface Finding {
  readonly kind: string;
  readonly severity: RiskSeverity;
  readonly holds: boolean;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

const KINDS = ['indexer_silent', 'indexer_late', 'indexer_hole', 'database_backlog'] as const;

/**
 * Looks at the part that all markets share, the indexer, and tells operators what is wrong with it: once when it begins and once when it is
 * over. What lasts is what the database says, so that it survives whatever dies in between. Answers the kinds that hold now.
 */
export async function watchIndexer(
  indexer: Pick<IndexerRpc, 'status'>,
  events: Pick<RiskEventRepository, 'create' | 'resolve' | 'list'>,
  nowMs: number,
  logger: Logger,
): Promise<string[]> {
  const findings = await look(indexer);
  const { rows } = await events.list({ isResolved: false, limit: lastingMax });
  const lasting = rows.filter(({ symbol, kind }) => symbol === null && (KINDS as readonly string[]).includes(kind));
  for (const { holds, ...event } of findings) {
    const known = lasting.filter(({ kind }) => kind === event.kind);
    if (holds && known.length === 0) {
      logger.error(event.message, { risk: event.kind, ...event.details });
      await events.create({
        ...event,
        id: derivedId('risk-event', event.kind, nowMs),
        symbol: null,
        createdAtMs: nowMs,
      });
    }
    if (!holds) for (const { id } of known) await events.resolve(id, nowMs);
  }
  return findings.filter(({ holds }) => holds).map(({ kind }) => kind);
}

async function look(indexer: Pick<IndexerRpc, 'status'>): Promise<Finding[]> {
  const status = await indexer.status().catch(() => null);
  const { lagSlots = 0, databaseBacklog = 0, holes = [] } = status ?? {};
  const critical = 'critical' as const;
  const silent = {
    kind: KINDS[0],
    severity: critical,
    holds: status === null,
    message: 'The indexer does not answer: accounts and the liquidation index learn nothing of the chain.',
    details: {},
  };
  // Nothing is said of the rest while it is not known.
  if (status === null) return [silent];
  return [
    silent,
    {
      kind: KINDS[1],
      severity: critical,
      holds: lagSlots > indexerLagSlotsMax,
      message: `The indexer is more than ${indexerLagSlotsMax} slots behind the chain.`,
      details: { lag_slots: lagSlots },
    },
    {
      kind: KINDS[2],
      severity: critical,
      holds: holes.length > 0,
      message: 'A stream of events waits for one that is missing.',
      details: { streams: holes.slice(0, 10) },
    },
    {
      kind: KINDS[3],
      severity: 'warning',
      holds: databaseBacklog > databaseBacklogMax,
      message: `More than ${databaseBacklogMax} events wait for the database.`,
      details: { events: databaseBacklog },
    },
  ];
}
