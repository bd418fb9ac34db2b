import { BPS_SCALE } from '#shared/money/units.ts';
import { Show, type JSX } from 'solid-js';

import type { ExitResult } from '../../domain/exit-result.ts';
import { formatQuote, formatShare } from '../../domain/format.ts';
import { texts } from '../../i18n/index.ts';

/** What an exit comes to, USDC with its sign. */
export const exitNetText = (net: bigint): string => formatQuote(net, { plus: true });

/** What a stop-loss comes to at the worst price of its slippage (bps), in words; undefined where either is not known. */
export const worstExitText = (
  worst: ExitResult | null | undefined,
  slippageBps: bigint | null | undefined,
): string | undefined =>
  worst === null || worst === undefined || slippageBps === null || slippageBps === undefined
    ? undefined
    : texts.ticket.exitWorst(exitNetText(worst.net), formatShare(slippageBps, BPS_SCALE, 2));

/** The same as a line of its own; nothing where there is nothing to say. */
export function WorstExit(props: {
  readonly worst: ExitResult | null | undefined;
  readonly slippageBps: bigint | null;
  readonly class?: string;
  readonly testId: string;
}): JSX.Element {
  return (
    <Show when={worstExitText(props.worst, props.slippageBps)}>
      {(text) => (
        <p
          class={`text-1 text-ink-3 ${props.class ?? ''}`}
          title={texts.ticket.exitWorstHint}
          data-testid={props.testId}
        >
          {text()}
        </p>
      )}
    </Show>
  );
}
