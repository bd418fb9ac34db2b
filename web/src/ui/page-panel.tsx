import { Show, createUniqueId, type JSX } from 'solid-js';

/** A named part of a page: its title, what can be chosen about it, and its content. */
export function PagePanel(props: {
  readonly title: string;
  readonly hint?: string | undefined;
  readonly tools?: JSX.Element;
  readonly class?: string;
  readonly testId?: string;
  readonly children: JSX.Element;
}): JSX.Element {
  const id = createUniqueId();
  return (
    <section class={`panel page-panel ${props.class ?? ''}`} aria-labelledby={id} data-testid={props.testId}>
      <header class="page-panel-head">
        <h2 id={id} class="font-semibold">
          {props.title}
        </h2>
        {props.tools}
      </header>
      <Show when={props.hint}>
        <p class="page-panel-hint">{props.hint}</p>
      </Show>
      {props.children}
    </section>
  );
}

/** One figure of the strip at the head of a page. Its box keeps its size whatever the figure. */
export function Figure(props: {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly under?: JSX.Element;
  readonly testId?: string;
  readonly children: JSX.Element;
}): JSX.Element {
  return (
    <div class="figure" title={props.hint}>
      <dt>{props.label}</dt>
      <dd data-testid={props.testId}>
        <span class="figure-value">{props.children}</span>
        <span class="figure-under">{props.under}</span>
      </dd>
    </div>
  );
}
