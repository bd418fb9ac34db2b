import { MARKETS } from '#shared/markets.ts';
import { Show, createSignal, onCleanup, type JSX } from 'solid-js';

import type { PendingCommand } from '../../data/commands.ts';
import { formatQuote, formatSize } from '../../domain/format.ts';
import type { PendingWork } from '../../domain/pending-work.ts';
import { texts } from '../../i18n/index.ts';
import { tableTexts } from '../../i18n/tables.ts';

/** A command that is not over by then takes longer than the exchange usually needs. */
const lateAfterMs = 20_000;
const clockMs = 1_000;

function workText({ order, kind }: PendingWork): string {
  const t = tableTexts.work;
  const market = MARKETS.find(({ symbol }) => symbol === order.symbol);
  const size = `${formatSize(order.quantity, market?.sizeDecimals ?? 4)} ${market?.base ?? ''}`;
  const amount = `${formatQuote(order.amount ?? 0n)} USDC`;
  switch (kind) {
    case 'close':
      return t.close;
    case 'flip':
      return t.flip;
    case 'reduce':
      return t.reduce(size);
    case 'increase':
      return t.increase(size);
    case 'addMargin':
      return t.addMargin(amount);
    case 'removeMargin':
      return t.removeMargin(amount);
  }
}

/** Whether an order has been on its way for longer than usual. */
export function createLate(createdAt: () => string | undefined): () => boolean {
  const [now, setNow] = createSignal(Date.now());
  const timer = setInterval(() => setNow(Date.now()), clockMs);
  onCleanup(() => clearInterval(timer));
  return () => {
    const at = createdAt();
    return at !== undefined && now() - Date.parse(at) > lateAfterMs;
  };
}

/** What is on its way for a position, in words, until the exchange tells the outcome. */
export function WorkTag(props: {
  readonly work: readonly PendingWork[];
  readonly command: PendingCommand | undefined;
}): JSX.Element {
  const first = () => props.work[0];
  return (
    <>
      <Show when={first()}>{(work) => <Underway work={work()} />}</Show>
      <Show when={first() === undefined ? props.command : undefined}>
        {(command) => (
          <span
            class="tag work-tag"
            data-tone={command().stage === 'sending' ? 'accent' : 'warn'}
            data-testid="pending-command"
            data-stage={command().stage}
          >
            {texts.inFlight[command().stage]}
          </span>
        )}
      </Show>
    </>
  );
}

function Underway(props: { readonly work: PendingWork }): JSX.Element {
  const t = tableTexts.work;
  const isLate = createLate(() => props.work.order.created_at);
  return (
    <span
      class="tag work-tag"
      data-tone={isLate() ? 'warn' : 'accent'}
      title={isLate() ? t.late : undefined}
      data-testid="pending-work"
      data-stage={props.work.order.stage}
    >
      {t.withStage(workText(props.work), t.stages[props.work.order.stage])}
    </span>
  );
}
