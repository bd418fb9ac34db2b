import { price as toPrice } from '#shared/money/units.ts';
import { closingTrade, openingTrade } from '#shared/perps/side.ts';
import type { OpeningEvidence, ReductionEvidence } from '#shared/perps/trade-receipt.ts';
import type { FillDto, ReceiptDto } from '#shared/protocol/fills.ts';
import { eventInteger, readOpeningEvidence, readReductionEvidence } from '#shared/trade-evidence.ts';

/** What an event states, by name. */
export type EventFields = Readonly<Record<string, unknown>>;

/** @throws ZodError where it is no integer. */
export const figure = (data: EventFields, name: string): bigint => eventInteger.parse(data[name]);
export const fieldsOf = (data: EventFields, name: string): EventFields => data[name] as EventFields;

/** An event of the receipt that can be a fill, read. */
export interface FillEvent {
  readonly data: EventFields;
  readonly evidence: OpeningEvidence | ReductionEvidence;
}

export const isOpening = (evidence: FillEvent['evidence']): evidence is OpeningEvidence => 'leverageE2' in evidence;

const tradeSideOf = (evidence: FillEvent['evidence']) =>
  isOpening(evidence) ? openingTrade(evidence.side) : closingTrade(evidence.before.side);

/** Figures that a row of the table and an event share. An opening states no result. */
const rowFigures = ({ data, evidence }: FillEvent): Pick<FillDto, 'price' | 'quantity'> & Record<string, bigint> => ({
  quantity: evidence.size,
  price: toPrice(figure(data, 'fillPrice')),
  fee: figure(data, 'fee'),
  impact: figure(data, 'impact'),
  realized_pnl: isOpening(evidence) ? 0n : figure(data, 'realizedPnl'),
  funding: isOpening(evidence) ? 0n : figure(data, 'funding'),
  borrow: isOpening(evidence) ? 0n : figure(data, 'borrow'),
});

/**
 * The event of this row. A flip is two events of one transaction, often of the same size: the one whose figures are the row's.
 * @throws ZodError for evidence of another version of the program.
 */
export function fillEventOf(fill: FillDto, receipt: ReceiptDto): FillEvent | undefined {
  const events = receipt.events.flatMap(({ name, symbol, data }): FillEvent[] => {
    if (symbol !== fill.symbol) return [];
    if (name === 'PositionIncreased') return [{ data, evidence: readOpeningEvidence(data) }];
    return name === 'PositionReduced' ? [{ data, evidence: readReductionEvidence(data) }] : [];
  });
  const alike = ({ figures }: { figures: Record<string, bigint> }) =>
    Object.entries(figures).filter(([name, value]) => fill[name as keyof FillDto] === value).length;
  return events
    .filter(({ evidence }) => tradeSideOf(evidence) === fill.side)
    .map((event) => ({ event, figures: rowFigures(event) }))
    .sort((a, b) => alike(b) - alike(a))[0]?.event;
}
