import { Show, type JSX } from 'solid-js';

import { unknownFigure } from '../../domain/format.ts';
import { tableTexts } from '../../i18n/tables.ts';

/** A figure before and after; only the one where it does not change or is not known. */
export function ChangeRow(props: {
  readonly label: string;
  readonly before?: string | undefined;
  readonly after: string | undefined;
  readonly note?: string | undefined;
  readonly testId?: string;
}): JSX.Element {
  return (
    <div>
      <dt>{props.label}</dt>
      <dd data-testid={props.testId}>
        <Show when={props.before !== undefined && props.before !== props.after}>
          <span class="text-ink-3">{props.before}</span>
          <span class="mx-1 text-ink-3" aria-label={tableTexts.preview.arrow} role="img">
            →
          </span>
        </Show>
        {props.after ?? unknownFigure}
        <Show when={props.note}>
          <span class="ml-2 text-ink-3">{props.note}</span>
        </Show>
      </dd>
    </div>
  );
}
