import { expect, test } from 'vitest';
import { FINE_VALUE_PER_QUOTE, quote, size } from '#shared/money/units.ts';
import type { FillDto, ReceiptDto } from '#shared/protocol/fills.ts';

import {
  event,
  fill,
  market,
  opened,
  openingData,
  oracle,
  receipt,
  reduced,
  reductionData,
  sale,
} from './fill-testing.ts';
import { verifyFill } from './fill-verification.ts';
import { isRight, verdictOf } from './verification.ts';

const wrongNames = (row: FillDto, of: ReceiptDto = receipt) =>
  verifyFill(row, of, market)
    ?.checks.filter((check) => !isRight(check))
    .map(({ name }) => name);

test('an opening and a reduction agree in every figure with what the program stated', () => {
  const opening = verifyFill(fill({}), receipt, market);
  expect(opening === undefined ? undefined : verdictOf(opening)).toEqual({ compared: 11, wrong: 0 });
  const reduction = verifyFill(sale, receipt, market);
  expect(reduction === undefined ? undefined : verdictOf(reduction)).toEqual({ compared: 16, wrong: 0 });
});

test('a figure of the table that does not follow from the evidence is named', () => {
  expect(wrongNames(fill({ fee: quote(opened.fee + 1n) }))).toEqual(['fee']);
  expect(wrongNames({ ...sale, realized_pnl: quote(reduced.realizedPnl + 1n) })).toEqual(['realizedPnl']);
  expect(wrongNames({ ...sale, quantity: size(sale.quantity - 1n) })).toEqual(['size']);
});

test('a figure of the event that does not follow is named, down to the funding base of the position', () => {
  const changed = (data: object): ReceiptDto => ({ ...receipt, events: [event('PositionReduced', data)] });
  expect(wrongNames(sale, changed({ ...reductionData, marginReleased: reduced.marginReleased - 1n }))).toEqual([
    'marginReleased',
  ]);
  const after = { ...reduced.position, borrowSum: reduced.position.borrowSum + FINE_VALUE_PER_QUOTE };
  expect(wrongNames(sale, changed({ ...reductionData, after }))).toEqual(['sumsAfter']);
});

test('evidence that the mathematics refuses says with what', () => {
  const capped = { ...receipt, events: [event('PositionReduced', { ...reductionData, reason: 'capped' })] };
  expect(verifyFill(sale, capped, market)?.checks.find(({ name }) => name === 'execution')?.recomputed).toContain(
    'NotCapped',
  );
});

test('a receipt of another shape is unreadable, not wrong; without parameters nothing is computed', () => {
  expect(verifyFill(sale, { ...receipt, events: [event('PositionReduced', { size: '5' })] }, market)).toBeUndefined();
  expect(verifyFill(sale, { ...receipt, events: [] }, market)).toBeUndefined();
  expect(verifyFill(sale, receipt, { ...market, parameters: null })).toBeUndefined();
});

test('a fill at a later price than the first says so, and why that may be right', () => {
  const late = { ...openingData, minPublishTime: oracle.publishTime - 5n };
  const told = (data: unknown) => {
    const events = [event('PositionIncreased', data)];
    return verifyFill(fill({}), { ...receipt, events }, market)?.checks.find(({ name }) => name === 'firstEligible');
  };
  expect(told(openingData)?.note).toBeUndefined();
  expect(told(late)).toMatchObject({ stated: 'a later one', note: expect.stringContaining('limit or a stop') });
});
