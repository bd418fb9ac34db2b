import { marketOf } from '#shared/markets.ts';
import type { PositionDto } from '#shared/protocol/positions.ts';
import { useQuery } from '@tanstack/solid-query';
import { For, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { errorText } from '../../data/error-text.ts';
import { formatDateTime, formatQuote, formatSize } from '../../domain/format.ts';
import { viewCosts, type PositionCostsView } from '../../domain/position-costs.ts';
import { texts } from '../../i18n/index.ts';
import { tableTexts } from '../../i18n/tables.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { PanelState, SkeletonRows, type PanelStatus } from '../../ui/panel-state.tsx';
import { Signed } from '../../ui/signed.tsx';

/** Digits of funding: cents would show nothing. */
const places = 4;
const t = tableTexts.costs;

/** What a position has cost from its opening until now, part by part, as each changed its equity. */
export function CostsDialog(props: { readonly position: PositionDto; readonly onClose: () => void }): JSX.Element {
  const desk = useDesk();
  const paid = useQuery(() => desk.queries.positionCosts(desk.session.address() ?? ''));
  const costs = () =>
    viewCosts(
      props.position,
      paid.data?.find(({ position_id: id }) => id === props.position.id),
    );
  const status = (): PanelStatus => (costs() !== undefined ? 'data' : paid.isError ? 'error' : 'loading');
  const name = () => {
    const { side, size, symbol } = props.position;
    const { sizeDecimals, base } = marketOf(symbol);
    return `${texts.common[side]} ${formatSize(size, sizeDecimals)} ${base}`;
  };
  return (
    <Dialog
      open
      onClose={props.onClose}
      title={t.title(props.position.symbol)}
      description={t.text(name(), formatDateTime(new Date(props.position.created_at)))}
    >
      <div class="grid gap-3 pt-2" data-testid="position-costs">
        <PanelState
          status={status()}
          skeleton={<SkeletonRows rows={6} />}
          empty={undefined}
          errorText={errorText(paid.error)}
          onRetry={() => void paid.refetch()}
        >
          <CostRows costs={costs()} />
        </PanelState>
        <p class="text-1 text-ink-3">{t.hint}</p>
      </div>
    </Dialog>
  );
}

const signed = (cost: bigint): string => formatQuote(-cost, { places, plus: true, rounding: 'floor' });

function CostRows(props: { readonly costs: PositionCostsView | undefined }): JSX.Element {
  const rows = () => {
    const known = props.costs;
    if (known === undefined) return [];
    const { funding, borrow, fees, impact, total } = known;
    return [
      [t.fundingPaid, funding.paid, 'funding-paid'],
      [t.fundingOwed, funding.owed, 'funding-owed'],
      [t.borrowPaid, borrow.paid, 'borrow-paid'],
      [t.borrowOwed, borrow.owed, 'borrow-owed'],
      [t.fees, fees, 'fees-paid'],
      [t.impact, impact, 'impact-paid'],
      [t.total, total, 'costs-total'],
    ] as const;
  };
  return (
    <dl class="facts">
      <For each={rows()}>
        {([name, cost, testId]) => (
          <div classList={{ 'border-t border-line pt-2 font-semibold': testId === 'costs-total' }}>
            <dt>{name}</dt>
            <dd data-testid={testId}>
              <Signed value={-cost} text={signed(cost)} />
            </dd>
          </div>
        )}
      </For>
    </dl>
  );
}
