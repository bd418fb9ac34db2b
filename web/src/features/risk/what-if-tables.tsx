import { marketOf } from '#shared/markets.ts';
import { For, Show, type JSX } from 'solid-js';

import { formatPrice, formatQuote, formatShare } from '../../domain/format.ts';
import type { LadderRow, MovedAccount, MovedPosition, Outcome } from '../../domain/risk/what-if.ts';
import { texts } from '../../i18n/pages.ts';
import { Signed } from '../../ui/signed.tsx';
import { SideTag } from '../account/side-tag.tsx';

const t = texts.risk.whatIf;
const columns = [t.position, t.price, t.pnl, t.ratio, t.begins, t.outcome] as const;
const tones: Record<Outcome, string | undefined> = { open: undefined, part: 'warn', full: 'down' };

/** Each position at the moved prices. */
export function MovedPositions(props: { readonly account: MovedAccount }): JSX.Element {
  return (
    <div class="table-scroll">
      <table class="grid-table" data-testid="what-if-positions">
        <thead>
          <tr>
            <For each={columns}>{(label) => <th scope="col">{label}</th>}</For>
          </tr>
        </thead>
        <tbody>
          <For each={props.account.positions}>{(position) => <MovedRow position={position} />}</For>
        </tbody>
      </table>
    </div>
  );
}

function MovedRow(props: { readonly position: MovedPosition }): JSX.Element {
  const held = () => props.position.held.position;
  const market = () => marketOf(held().symbol);
  const begins = () => {
    const { liquidationPrice } = props.position.margin;
    return liquidationPrice === null ? t.none : formatPrice(liquidationPrice, market().priceDecimals);
  };
  return (
    <tr data-outcome={props.position.outcome} classList={{ 'crossing-row': props.position.outcome !== 'open' }}>
      <th scope="row">
        <span class="mr-2 font-semibold">{held().symbol}</span>
        <SideTag side={held().side} />
      </th>
      <td data-label={t.price}>{formatPrice(props.position.price, market().priceDecimals)}</td>
      <td data-label={t.pnl}>
        <Signed value={props.position.pnl} text={formatQuote(props.position.pnl, { plus: true })} arrow />
      </td>
      <td data-label={t.ratio}>{formatShare(props.position.margin.ratioBps, 10_000n, 1)}</td>
      <td data-label={t.begins}>{begins()}</td>
      <td data-label={t.outcome}>
        <span class="tag" data-tone={tones[props.position.outcome]}>
          {t.outcomes[props.position.outcome]}
        </span>
      </td>
    </tr>
  );
}

/** The account at fixed steps; where a liquidation begins between two, the farther one is marked. */
export function LadderTable(props: {
  readonly rows: readonly LadderRow[];
  readonly chosen: number;
  readonly onChoose: (moveBps: number) => void;
}): JSX.Element {
  return (
    <table class="ladder" aria-label={t.ladderTitle} data-testid="what-if-ladder">
      <thead>
        <tr>
          <For each={[t.ladderMove, t.equity, t.free, t.liquidated]}>{(label) => <th scope="col">{label}</th>}</For>
        </tr>
      </thead>
      <tbody>
        <For each={props.rows}>
          {({ moveBps, account, crosses }) => (
            <tr classList={{ 'crossing-row': crosses }} data-crosses={crosses ? '' : undefined}>
              <th scope="row">
                <button
                  type="button"
                  class="button button-quiet button-small"
                  aria-pressed={props.chosen === moveBps}
                  classList={{ 'button-chosen': props.chosen === moveBps }}
                  onClick={() => props.onChoose(moveBps)}
                >
                  {formatShare(BigInt(moveBps), 10_000n, 0, true)}
                </button>
              </th>
              <td>{formatQuote(account.equity, { rounding: 'floor' })}</td>
              <td>{formatQuote(account.free, { rounding: 'floor' })}</td>
              <td>
                <span>
                  <Show when={crosses}>
                    <span class="tag mr-2" data-tone="warn">
                      {t.crosses}
                    </span>
                  </Show>
                  {account.liquidated}
                </span>
              </td>
            </tr>
          )}
        </For>
      </tbody>
    </table>
  );
}
