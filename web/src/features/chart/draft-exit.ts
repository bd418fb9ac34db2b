import { price as toPrice, type Price } from '#shared/money/units.ts';
import type { PositionDto } from '#shared/protocol/positions.ts';

import type { ChartLine } from '../../domain/chart-lines.ts';
import { texts } from '../../i18n/index.ts';

/** Where a new exit starts: this far from the price of now, in basis points. */
const draftDistanceBps = 100n;

/** The line of an exit that is not there yet, near the price of now on its side. */
export function draftExit(position: PositionDto, field: 'take_profit' | 'stop_loss', from: Price): ChartLine {
  const above = (position.side === 'long') === (field === 'take_profit');
  const distance = (from * draftDistanceBps) / 10_000n;
  const t = texts.chart.lines;
  return {
    id: `new/${field}`,
    kind: field === 'take_profit' ? 'takeProfit' : 'stopLoss',
    price: toPrice(above ? from + distance : from - distance),
    label: field === 'take_profit' ? t.takeProfit : t.stopLoss,
    tone: field === 'take_profit' ? 'up' : 'down',
    target: { of: 'position', positionId: position.id, field },
    order: null,
  };
}
