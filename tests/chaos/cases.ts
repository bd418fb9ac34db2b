import type { FailpointName } from '../../workers/platform/failpoint-names.ts';
import type { FailpointAction, FailpointCase } from './disturbance.ts';
import type { OperationName } from './operations.ts';

/** A failpoint on the way of an operation. */
export interface ChaosCase extends FailpointCase {
  readonly operation: OperationName;
}

type Point = Omit<FailpointCase, 'action'>;

/** Points that an operation passes; the subject says whose, where it is not the trader's wallet (`$`). */
const account: Readonly<Record<string, Point>> = points({
  'command.begun': {},
  'command.stored': {},
  'outbox.taken': { subject: 'execute SOL-PERP' },
  'order.priced': {},
  'order.signed': {},
  'order.stored': {},
  'order.sent': {},
  'order.confirmed': {},
  'order.told': {},
  'events.heard': {},
  'events.applied': {},
  'outbox.done': { subject: 'execute SOL-PERP' },
  'order.projected': {},
});

const indexing = points({
  'indexer.listed': { ends: 'indexer', subject: 'indexer' },
  'indexer.read': { ends: 'indexer', subject: 'indexer' },
  'indexer.kept': { ends: 'indexer', subject: 'indexer' },
  'indexer.delivering': { ends: 'indexer', subject: 'account:$' },
  'indexer.delivered': { ends: 'indexer', subject: 'account:$' },
  'indexer.projecting': { ends: 'indexer', subject: 'indexer' },
  'indexer.projected': { ends: 'indexer', subject: 'indexer' },
  'indexer.final': { ends: 'indexer', subject: 'indexer' },
  'market.applied': { ends: 'SOL-PERP', subject: 'SOL-PERP' },
});

const triggering = points({
  'rest.sent': {},
  'claim.kept': { ends: 'SOL-PERP' },
  'trigger.heard': {},
  'trigger.stored': {},
  'claim.answered': { ends: 'SOL-PERP' },
  'order.stored': {},
  'order.sent': {},
});

const cancelling = points({ 'command.stored': {}, 'unrest.sent': {} });

const submitting = points({
  'submit.checked': {},
  'submit.counted': {},
  'submit.sent': {},
  'submit.confirmed': {},
  'events.applied': {},
});

const liquidating = points({
  'candidates.leased': { ends: 'SOL-PERP' },
  'candidates.queued': { ends: 'SOL-PERP' },
  'risk.received': {},
  'risk.checked': {},
  'risk.simulated': {},
  'risk.sent': {},
  'risk.landed': {},
  'risk.released': {},
  'events.applied': {},
  'alert.projected': {},
});

/** The cancel comes while the trigger stands at one of these. */
const racing = points({
  'claim.kept': { ends: 'SOL-PERP', isOvertaken: true },
  'trigger.stored': { isOvertaken: true },
  'order.signed': { isOvertaken: true },
  'order.stored': { isOvertaken: true },
});

const requesting = points({
  'followup.sent': { subject: 'close-request', ends: 'indexer' },
  'risk.received': {},
  'risk.sent': {},
  'risk.landed': {},
});

const sweeping = points({
  'sweep.leased': { subject: 'sweep' },
  'sweep.visited': { subject: 'sweep' },
  'sweep.ordered': { subject: 'sweep' },
});

/** Points whose effect can be done twice. */
const twice: ReadonlySet<FailpointName> = new Set([
  'order.sent',
  'submit.sent',
  'drop.sent',
  'followup.sent',
  'claim.answered',
  'candidates.queued',
  'risk.received',
  'risk.sent',
  'indexer.delivered',
  'indexer.projected',
]);
/** Points without an object of their own: the consumer of a queue and the sweep are ended by their failure alone. */
const withoutObject = /^(risk|sweep)\./;

const pick = (
  from: Readonly<Record<string, Point>>,
  names: readonly FailpointName[],
): Readonly<Record<string, Point>> =>
  Object.fromEntries(names.map((name) => [name, from[name] ?? { failpoint: name }]));

const matrix: readonly (readonly [OperationName, Readonly<Record<string, Point>>])[] = [
  ['placeMarket', account],
  ['placeMarket', indexing],
  ['placeLimit', triggering],
  ['stopTrigger', triggering],
  ['cancel', cancelling],
  ['cancelRace', racing],
  [
    'amend',
    pick({ ...account, ...triggering }, [
      'command.stored',
      'rest.sent',
      'claim.kept',
      'trigger.stored',
      'order.stored',
    ]),
  ],
  [
    'exits',
    pick({ ...account, ...triggering }, [
      'order.sent',
      'events.applied',
      'rest.sent',
      'trigger.stored',
      'claim.answered',
    ]),
  ],
  ['close', pick(account, ['command.stored', 'order.stored', 'order.sent', 'order.confirmed', 'events.applied'])],
  ['deposit', submitting],
  ['withdraw', submitting],
  ['requestClose', requesting],
  ['faucet', points({ 'drop.stored': { subject: '' }, 'drop.sent': { subject: '' } })],
  ['expire', points({ 'timer.taken': { subject: 'expire' }, 'unrest.sent': {} })],
  ['placeMarket', sweeping],
  ['liquidation', liquidating],
  ['liquidation', pick(indexing, ['indexer.kept', 'indexer.delivered', 'indexer.projected', 'market.applied'])],
];

/** Every case: each operation at each of its points, in every way that it can fail there. */
export const allCases: readonly ChaosCase[] = matrix.flatMap(([operation, along]) =>
  Object.values(along).flatMap((point) =>
    actionsAt(point).map((action): ChaosCase => ({ ...point, operation, action })),
  ),
);

function actionsAt({ failpoint: name, isOvertaken = false }: Point): FailpointAction[] {
  return [
    ...(isOvertaken ? (['overtake'] as const) : []),
    'throw',
    ...(withoutObject.test(name) ? [] : (['abort'] as const)),
    'kill',
    ...(twice.has(name) ? (['twice'] as const) : []),
  ];
}

/** What every run of the tests plays: one of each kind of point, with few deaths of the whole worker: each takes ten seconds. */
export const shortCases: readonly ChaosCase[] = [
  { operation: 'placeMarket', failpoint: 'command.stored', action: 'abort' },
  { operation: 'placeMarket', failpoint: 'order.stored', action: 'kill' },
  { operation: 'placeMarket', failpoint: 'order.sent', action: 'kill' },
  { operation: 'placeMarket', failpoint: 'order.sent', action: 'twice' },
  { operation: 'placeMarket', failpoint: 'events.applied', action: 'abort' },
  { operation: 'placeMarket', failpoint: 'indexer.projected', action: 'throw', subject: 'indexer', ends: 'indexer' },
  { operation: 'placeLimit', failpoint: 'trigger.stored', action: 'kill' },
  { operation: 'placeLimit', failpoint: 'claim.answered', action: 'abort', ends: 'SOL-PERP' },
  { operation: 'cancelRace', failpoint: 'trigger.stored', action: 'overtake' },
  { operation: 'deposit', failpoint: 'submit.sent', action: 'kill' },
  { operation: 'liquidation', failpoint: 'candidates.queued', action: 'kill' },
  { operation: 'liquidation', failpoint: 'risk.sent', action: 'throw' },
];

function points(subjects: Partial<Record<FailpointName, Omit<Point, 'failpoint'>>>): Readonly<Record<string, Point>> {
  return Object.fromEntries(
    Object.entries(subjects).map(([failpoint, point]) => [
      failpoint,
      { failpoint: failpoint as FailpointName, ...point },
    ]),
  );
}
