import type { OrderDetailDto, OrderDto } from '#shared/protocol/orders.ts';
import { useQuery } from '@tanstack/solid-query';
import { For, Show, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { errorText } from '../../data/error-text.ts';
import {
  formatDateTime,
  formatLeverage,
  formatQuote,
  formatShare,
  shortKey,
  unknownFigure,
} from '../../domain/format.ts';
import { texts } from '../../i18n/index.ts';
import { recordTexts } from '../../i18n/records.ts';
import { tableTexts } from '../../i18n/tables.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { PanelState, SkeletonRows } from '../../ui/panel-state.tsx';
import { orderKind, orderTerms, priceText, sizeText } from './order-cells.tsx';
import { TransactionKey } from './transaction-key.tsx';

const bpsPerWhole = 10_000n;
const t = tableTexts.order;
const at = (time: string | null): string => (time === null ? unknownFigure : formatDateTime(new Date(time)));

/** Everything about an order: its terms, what became of it, and each transaction that was signed for it. */
export function OrderDialog(props: { readonly order: OrderDto; readonly onClose: () => void }): JSX.Element {
  const desk = useDesk();
  const live = () => desk.own.account.orders?.find((order) => order.order_id === props.order.order_id) ?? props.order;
  const detail = useQuery(() => ({
    queryKey: ['order', desk.session.address(), props.order.order_id, live().version],
    queryFn: () => desk.client.orders.get(props.order.order_id),
  }));
  return (
    <Dialog
      open
      onClose={props.onClose}
      wide
      title={t.title(texts.common[props.order.side], props.order.symbol)}
      description={[orderKind(props.order), orderTerms(props.order)].filter((part) => part !== '').join(' · ')}
    >
      <div class="grid gap-4 pt-2" data-testid="order-detail">
        <OrderFacts order={live()} />
        <section aria-label={t.attempts}>
          <h3 class="mb-2 font-semibold text-ink-2">{t.attempts}</h3>
          <PanelState
            status={detail.data === undefined ? (detail.isError ? 'error' : 'loading') : 'data'}
            skeleton={<SkeletonRows rows={2} />}
            empty={undefined}
            errorText={errorText(detail.error)}
            onRetry={() => void detail.refetch()}
          >
            <Attempts attempts={detail.data?.attempts ?? []} />
          </PanelState>
        </section>
      </div>
    </Dialog>
  );
}

function OrderFacts(props: { readonly order: OrderDto }): JSX.Element {
  const order = () => props.order;
  const eligible = () => {
    const from = order().eligible_from;
    return from === null ? unknownFigure : formatDateTime(new Date(from * 1_000));
  };
  const h = tableTexts.history;
  return (
    <dl class="facts">
      <Fact label={h.result} value={recordTexts.orders.stages[order().stage]} />
      <Show when={order().error}>
        {(reason) => (
          <div>
            <dt>{t.reason}</dt>
            <dd class="wrapping" data-testid="order-reason">
              {reason().message} <span class="text-ink-3">{reason().code}</span>
            </dd>
          </div>
        )}
      </Show>
      <Fact label={recordTexts.orders.size} value={sizeText(order())} />
      <Show when={order().stop_price !== null}>
        <Fact label={tableTexts.orderRow.trigger} value={priceText(order(), order().stop_price)} />
      </Show>
      <Fact label={tableTexts.orderRow.limit} value={priceText(order(), order().price)} />
      <Show when={order().average_fill_price !== null}>
        <Fact label={h.average} value={priceText(order(), order().average_fill_price)} />
        <Fact label={h.fee} value={`${formatQuote(order().fee, { rounding: 'ceil' })} USDC`} />
      </Show>
      <Show when={order().intent === 'trade' && !order().reduce_only}>
        <Fact label={t.leverage} value={formatLeverage(BigInt(order().leverage))} />
      </Show>
      <Show when={order().order_type === 'market' && order().intent === 'trade'}>
        <Fact label={t.slippage} value={formatShare(BigInt(order().max_slippage_bps), bpsPerWhole, 2)} />
      </Show>
      <Fact label={t.placed} value={at(order().created_at)} />
      <Fact label={t.eligible} value={eligible()} />
      <Fact label={t.executed} value={at(order().executed_at)} />
      <Show when={order().client_order_id}>{(id) => <Fact label={t.clientId} value={id()} />}</Show>
      <Fact label={t.id} value={shortKey(order().order_id, 8)} title={order().order_id} />
    </dl>
  );
}

function Attempts(props: { readonly attempts: OrderDetailDto['attempts'] }): JSX.Element {
  return (
    <ul class="grid gap-2">
      <For each={props.attempts} fallback={<li class="text-ink-3">{t.noAttempts}</li>}>
        {(attempt) => (
          <li class="attempt" data-testid="order-attempt">
            <span class="flex items-center gap-2">
              <span
                class="tag"
                data-tone={attempt.outcome === 'landed' ? 'up' : attempt.outcome === 'sent' ? 'accent' : 'warn'}
              >
                {t.outcomes[attempt.outcome]}
              </span>
              <TransactionKey signature={attempt.signature} />
            </span>
            <span class="text-ink-3">
              {t.signed} {at(attempt.signed_at)} · {t.settled} {at(attempt.settled_at)}
            </span>
            <Show when={attempt.reason}>{(reason) => <span class="text-warn">{reason()}</span>}</Show>
          </li>
        )}
      </For>
    </ul>
  );
}

function Fact(props: { readonly label: string; readonly value: string; readonly title?: string }): JSX.Element {
  return (
    <div>
      <dt>{props.label}</dt>
      <dd title={props.title}>{props.value}</dd>
    </div>
  );
}
