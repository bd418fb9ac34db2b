import type { ProposalDto } from '#shared/protocol/ai-chat.ts';
import { For, Show, createMemo, createUniqueId, type JSX } from 'solid-js';

import { useAssistant } from '../../data/assistant.ts';
import { timeLeft } from '../../domain/mikey/countdown.ts';
import { changeLines, costLines, orderWords, prefillOfOrder } from '../../domain/mikey/proposal-view.ts';
import { mikeyTexts } from '../../i18n/mikey.ts';
import { createClock } from '../../ui/clock.ts';
import { useWays } from './use-place.ts';

const clockMs = 1_000;
const t = mikeyTexts.proposal;

/** An order that MIKEY proposes, and what would follow from it. The one key fills in the ticket; from here nothing is sent. */
export function ProposalCard(props: { readonly proposal: ProposalDto }): JSX.Element {
  const assistant = useAssistant();
  const ways = useWays();
  const id = createUniqueId();
  const now = createClock(clockMs);
  const left = createMemo(() => timeLeft(Date.parse(props.proposal.expires_at), now()));
  const fill = () => {
    const { order } = props.proposal;
    ways.fill(order.symbol, prefillOfOrder(order));
    assistant.say(t.filled);
  };
  return (
    <section
      class="mikey-card"
      data-tone={props.proposal.order.side === 'buy' ? 'up' : 'down'}
      aria-labelledby={id}
      data-testid="proposal"
    >
      <header class="mikey-card-head">
        <h3 id={id}>
          {t.title} <span class="text-ink-3">{props.proposal.order.symbol}</span>
        </h3>
        <p class="mikey-card-title">{orderWords(props.proposal)}</p>
      </header>
      <table class="mikey-changes">
        <thead>
          <tr>
            <th scope="col">
              <span class="visually-hidden">{t.figure}</span>
            </th>
            <th scope="col">{t.before}</th>
            <th scope="col">{t.after}</th>
          </tr>
        </thead>
        <tbody>
          <For each={changeLines(props.proposal)}>
            {(line) => (
              <tr data-changes={line.before === line.after ? undefined : ''}>
                <th scope="row">{line.name}</th>
                <td>{line.before}</td>
                <td>{line.after}</td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
      <dl class="mikey-costs">
        <For each={costLines(props.proposal)}>
          {({ name, value }) => (
            <div>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          )}
        </For>
      </dl>
      <For each={props.proposal.preview.warnings}>{({ message }) => <p class="text-warn">{message}</p>}</For>
      <footer class="mikey-card-foot">
        <p class="text-ink-3">
          <Show when={left()} fallback={t.stale}>
            {(time) => t.good(time())}
          </Show>
        </p>
        <button
          type="button"
          class="button button-accent button-small"
          title={t.useHint}
          data-testid="use-proposal"
          onClick={fill}
        >
          {t.use}
        </button>
      </footer>
    </section>
  );
}
