import type { RiskHealthDto } from '#shared/protocol/risk.ts';
import { createMemo, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { formatQuote, formatShare, unknownFigure } from '../../domain/format.ts';
import type { Held } from '../../domain/risk/held.ts';
import { accountMargin } from '../../domain/risk/margin-ratio.ts';
import { texts } from '../../i18n/pages.ts';
import { Figure } from '../../ui/page-panel.tsx';

/** The health of the account in one strip: at the live prices, and as the exchange told it until those are there. */
export function RiskFigures(props: {
  readonly held: readonly Held[] | undefined;
  readonly health: RiskHealthDto | undefined;
}): JSX.Element {
  const desk = useDesk();
  const t = texts.risk;
  const live = createMemo(() => (props.held === undefined ? null : accountMargin(props.held)));
  const equity = () => live()?.equity ?? props.health?.equity;
  const maintenance = () => live()?.maintenance ?? props.health?.maintenance_margin;
  const free = () => desk.own.account.balance?.available_balance ?? props.health?.account.available_balance;
  const worst = () => live()?.worst ?? undefined;
  const floor = (value: bigint | undefined) =>
    value === undefined ? unknownFigure : formatQuote(value, { rounding: 'floor' });
  const ratio = () => {
    const known = worst();
    return known === undefined ? unknownFigure : formatShare(known.margin.ratioBps, 10_000n, 1);
  };
  const distance = () => {
    const moveBps = worst()?.margin.moveBps ?? null;
    return moveBps === null ? '' : formatShare(moveBps, 10_000n, 2, true);
  };
  return (
    <dl class="figures" aria-label={t.figures}>
      <Figure label={t.equity} hint={t.equityHint}>
        {floor(equity())}
      </Figure>
      <Figure label={t.maintenance} hint={t.maintenanceHint}>
        {maintenance() === undefined ? unknownFigure : formatQuote(maintenance() ?? 0n, { rounding: 'ceil' })}
      </Figure>
      <Figure label={t.lowest} testId="lowest-ratio">
        <span
          classList={{
            'text-warn': worst()?.margin.health === 'warning',
            'text-down': worst()?.margin.health === 'liquidatable',
          }}
        >
          {ratio()}
        </span>
      </Figure>
      <Figure label={t.worst} under={distance()}>
        {worst()?.held.position.symbol ?? (props.held === undefined ? unknownFigure : t.none)}
      </Figure>
      <Figure label={t.free} hint={t.freeHint}>
        {floor(free())}
      </Figure>
    </dl>
  );
}
