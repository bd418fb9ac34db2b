import type { MarketDto } from '#shared/protocol/market.ts';
import { For, Show, onMount, type JSX } from 'solid-js';

import { firstBlocking } from '../../domain/ticket/errors.ts';
import { orderLines, orderSentence } from '../../domain/ticket/order-words.ts';
import { texts } from '../../i18n/index.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { refuseHeldKey } from './enter-key.ts';
import type { Ticket } from './use-ticket.ts';

/** The order as it goes out, to be read once more. It follows the price while it is open. */
export function ConfirmOrder(props: {
  readonly ticket: Ticket;
  readonly market: MarketDto;
  readonly onClose: () => void;
  readonly onConfirm: () => void;
}): JSX.Element {
  const t = texts.ticket.confirm;
  let sendButton: HTMLButtonElement | undefined;
  // The window takes the focus to its first button; what is asked is whether to send.
  onMount(() => requestAnimationFrame(() => sendButton?.focus()));
  const order = () => props.ticket.request();
  const blocked = () => firstBlocking(props.ticket.issues());
  const sentence = () => {
    const current = order();
    return current === null ? t.changed : orderSentence(current, props.market);
  };
  const lines = () => {
    const current = order();
    return current === null ? [] : orderLines(current, props.market, props.ticket.summary(), props.ticket.receipt());
  };
  const warnings = () => props.ticket.issues().filter((issue) => !issue.blocks && issue.text !== undefined);
  return (
    <Dialog open onClose={props.onClose} title={t.title} description={sentence()}>
      <div class="grid gap-3" data-testid="confirm-order">
        <dl class="facts">
          <For each={lines()}>
            {({ name, value }) => (
              <div>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            )}
          </For>
        </dl>
        <Show when={blocked()}>
          {(issue) => (
            <p class="text-down" role="status">
              {issue().title}
            </p>
          )}
        </Show>
        <For each={warnings()}>
          {(issue) => <p class={issue.quiet === true ? 'text-ink-2' : 'text-warn'}>{issue.text}</p>}
        </For>
        <div class="grid grid-cols-2 gap-2">
          <button type="button" class="button" onClick={() => props.onClose()}>
            {t.back}
          </button>
          <button
            ref={(button) => (sendButton = button)}
            type="button"
            class="button"
            classList={{
              'button-up': props.ticket.state.side === 'buy',
              'button-down': props.ticket.state.side === 'sell',
            }}
            disabled={blocked() !== undefined || order() === null}
            data-testid="confirm-send"
            onKeyDown={refuseHeldKey}
            onClick={() => props.onConfirm()}
          >
            {t.send}
          </button>
        </div>
      </div>
    </Dialog>
  );
}
