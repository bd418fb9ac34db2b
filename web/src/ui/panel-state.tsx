import { Match, Show, Switch, type JSX } from 'solid-js';

import { texts } from '../i18n/index.ts';

/** What a panel can show. Data that is already there stays on screen while it is fetched again. */
export type PanelStatus = 'loading' | 'empty' | 'error' | 'data';

/** One of the four states of a panel. Each empty and each failed one names the next step. */
export function PanelState(props: {
  readonly status: PanelStatus;
  readonly skeleton: JSX.Element;
  readonly empty: JSX.Element;
  readonly errorText?: string | undefined;
  readonly onRetry?: (() => void) | undefined;
  readonly children: JSX.Element;
}): JSX.Element {
  return (
    <Switch>
      <Match when={props.status === 'loading'}>
        <div role="status" aria-label={texts.common.loading} class="h-full">
          {props.skeleton}
        </div>
      </Match>
      <Match when={props.status === 'error'}>
        <Notice title={texts.common.failed} text={props.errorText}>
          <Show when={props.onRetry}>
            {(retry) => (
              <button type="button" class="button button-small" onClick={() => retry()()}>
                {texts.common.retry}
              </button>
            )}
          </Show>
        </Notice>
      </Match>
      <Match when={props.status === 'empty'}>{props.empty}</Match>
      <Match when={props.status === 'data'}>{props.children}</Match>
    </Switch>
  );
}

/** A short text in the middle of a panel, with what to do about it. */
export function Notice(props: {
  readonly title: string;
  readonly text?: string | undefined;
  readonly children?: JSX.Element;
}): JSX.Element {
  return (
    <div class="flex h-full min-h-24 flex-col items-center justify-center gap-2 px-4 py-5 text-center">
      <p class="text-3 font-medium text-ink-2">{props.title}</p>
      <Show when={props.text}>
        <p class="max-w-[44ch] text-ink-3">{props.text}</p>
      </Show>
      <Show when={props.children}>
        <div class="mt-1 flex flex-wrap justify-center gap-2">{props.children}</div>
      </Show>
    </div>
  );
}

/** Grey rows in the place of a table. */
export function SkeletonRows(props: { readonly rows: number }): JSX.Element {
  return (
    <div class="grid gap-3 p-3">
      {Array.from({ length: props.rows }, () => (
        <div class="skeleton h-4" />
      ))}
    </div>
  );
}
