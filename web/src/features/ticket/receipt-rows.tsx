import { Show, type JSX } from 'solid-js';

import { unknownFigure } from '../../domain/format.ts';
import { texts } from '../../i18n/index.ts';
import { Known } from '../../ui/known.tsx';

interface RowProps {
  readonly label: string;
  readonly value: string;
  /** Said beside the label, quietly. */
  readonly aside?: string | undefined;
  readonly hint?: string | undefined;
  /** The exchange has not confirmed the figure for this order. Its mark has a place of its own: no figure moves when it comes or goes. */
  readonly about?: boolean;
  readonly testId?: string;
}

/** One figure of the receipt. */
export function Row(props: RowProps): JSX.Element {
  return (
    <div title={props.hint}>
      <dt>
        {props.label}
        <Show when={props.aside}>
          <span class="ticket-aside">{props.aside}</span>
        </Show>
      </dt>
      <dd classList={{ 'text-ink-3': props.value === unknownFigure }} data-testid={props.testId}>
        <Figure text={props.value} about={props.about} />
      </dd>
    </div>
  );
}

/** What a figure is and what the order makes of it; one of both where there is nothing else to tell. */
export function Change(
  props: Omit<RowProps, 'value'> & { readonly before: string | undefined; readonly after: string | undefined },
): JSX.Element {
  const isChange = () => props.before !== undefined && props.after !== undefined && props.after !== unknownFigure;
  const shown = () => {
    const { before, after } = props;
    return after === undefined || (after === unknownFigure && before !== undefined) ? before : after;
  };
  return (
    <div title={props.hint}>
      <dt>
        {props.label}
        <Show when={props.aside}>
          <span class="ticket-aside">{props.aside}</span>
        </Show>
      </dt>
      <dd classList={{ 'text-ink-3': !isChange() && shown() === unknownFigure }} data-testid={props.testId}>
        <Show when={isChange()}>
          <span class="text-ink-3">{props.before}</span>
          <Arrow />
        </Show>
        <Figure text={shown() ?? unknownFigure} about={props.about} />
      </dd>
    </div>
  );
}

const Figure = (props: { readonly text: string; readonly about: boolean | undefined }): JSX.Element => (
  <span class="ticket-figure" data-about={props.about === true && props.text !== unknownFigure ? '' : undefined}>
    <Known text={props.text} />
  </span>
);

const Arrow = (): JSX.Element => (
  <span class="ml-1 text-ink-3">
    <span aria-hidden="true">→</span>
    <span class="visually-hidden">{texts.ticket.arrow}</span>
  </span>
);
