import { marketOf } from '#shared/markets.ts';
import { BPS_SCALE } from '#shared/money/units.ts';
import type { PositionDto } from '#shared/protocol/positions.ts';
import { For, Show, type JSX } from 'solid-js';

import {
  formatLeverage,
  formatPrice,
  formatQuote,
  formatShare,
  formatSize,
  unknownFigure,
} from '../../domain/format.ts';
import { texts } from '../../i18n/index.ts';
import { tableTexts } from '../../i18n/tables.ts';
import { Signed } from '../../ui/signed.tsx';
import { ChangeRow } from './change-rows.tsx';
import type { Draft } from './use-draft.ts';

/** What an order from a row does to its position and to the account, before and after. */
export function DraftReceipt(props: { readonly draft: Draft; readonly position: PositionDto }): JSX.Element {
  const t = tableTexts.preview;
  const market = () => marketOf(props.position.symbol);
  const receipt = () => props.draft.receipt();
  const figures = () => props.draft.preview() ?? props.draft.summary()?.estimate.figures ?? undefined;
  const isKnown = () => figures() !== undefined;
  const price = (value: bigint | null | undefined) =>
    value === null || value === undefined ? undefined : formatPrice(value, market().priceDecimals);
  const usdc = (value: bigint | null | undefined, rounding: 'ceil' | 'floor' | 'nearest' = 'nearest') =>
    value === null || value === undefined ? undefined : formatQuote(value, { rounding });
  const about = (text: string | undefined) =>
    text !== undefined && receipt()?.estimated === true ? `${texts.ticket.about} ${text}` : text;
  const held = (side: 'long' | 'short', size: bigint) =>
    `${texts.common[side]} ${formatSize(size, market().sizeDecimals)} ${market().base}`;
  const after = () => {
    const left = figures()?.position_after;
    if (left === undefined) return undefined;
    return left === null ? t.flat : held(left.side, left.size);
  };
  const liquidation = () => {
    if (!isKnown() || receipt()?.flatAfter === true) return undefined;
    return receipt()?.liquidationPrice === null ? t.none : about(price(receipt()?.liquidationPrice));
  };
  const leverage = () => {
    const known = figures();
    return known === undefined || known.position_after === null
      ? undefined
      : about(formatLeverage(BigInt(known.leverage)));
  };
  /** What a market order may fill at, at most; a limit says so itself. */
  const worst = () => props.draft.summary()?.worstPrice;
  const slippage = () => {
    const summary = props.draft.summary();
    if (!summary || summary.limitPrice !== null || summary.worstPrice === null) return undefined;
    return formatShare(summary.slippageBps ?? 0n, BPS_SCALE, 2);
  };
  const before = (text: string | undefined) => (isKnown() ? text : undefined);
  return (
    <dl class="facts border-t border-line pt-3" data-testid="draft-receipt">
      <ChangeRow
        label={t.position}
        before={held(props.position.side, props.position.size)}
        after={after()}
        testId="draft-position"
      />
      <ChangeRow label={t.fill} after={about(price(receipt()?.fillPrice))} />
      <Show when={slippage()}>
        {(share) => <ChangeRow label={t.worst(share())} after={price(worst())} testId="draft-worst" />}
      </Show>
      <ChangeRow
        label={t.costs}
        after={about(
          isKnown()
            ? `${usdc(receipt()?.fee, 'ceil') ?? unknownFigure} · ${usdc(receipt()?.impact, 'ceil') ?? unknownFigure}`
            : undefined,
        )}
      />
      <div>
        <dt>{t.realized}</dt>
        <dd>
          <Signed value={receipt()?.realized?.pnl} text={formatQuote(receipt()?.realized?.pnl ?? 0n, { plus: true })} />
        </dd>
      </div>
      <ChangeRow
        label={t.margin}
        before={before(usdc(receipt()?.marginBefore, 'ceil'))}
        after={about(usdc(receipt()?.marginAfter, 'ceil'))}
      />
      <ChangeRow label={t.leverage} after={leverage()} />
      <ChangeRow
        label={t.liquidation}
        before={before(price(props.position.liquidation_price) ?? t.none)}
        after={liquidation()}
        testId="draft-liquidation"
      />
      <ChangeRow
        label={t.free}
        before={before(usdc(props.draft.context()?.available, 'floor'))}
        after={about(usdc(receipt()?.freeAfter, 'floor'))}
      />
    </dl>
  );
}

/** What keeps the order back, and what the trader should know. */
export function DraftIssues(props: { readonly draft: Draft; readonly id: string }): JSX.Element {
  return (
    <ul id={props.id} class="grid gap-1 empty:hidden" aria-live="polite">
      <For each={props.draft.issues()}>
        {(issue) => (
          <Show when={issue.text ?? (issue.blocks ? undefined : issue.title)}>
            {(text) => <li classList={{ 'text-down': issue.blocks, 'text-warn': !issue.blocks }}>{text()}</li>}
          </Show>
        )}
      </For>
    </ul>
  );
}
