import { For, Match, Show, Switch, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { onboardingSteps, type StepStatus } from '../../data/onboarding.ts';
import { formatQuote } from '../../domain/format.ts';
import { entryTexts } from '../../i18n/entry.ts';
import { CheckIcon, CloseIcon } from '../../ui/icons.tsx';

/** The four steps from nothing to a funded account, as they happen. */
export function OnboardingSteps(props: { readonly onDone: () => void }): JSX.Element {
  const desk = useDesk();
  const t = entryTexts.onboarding;
  const state = desk.onboarding.state;
  /** What was not needed is not told as done. */
  const steps = () => onboardingSteps.filter((step) => state.status !== 'done' || state.steps[step] === 'done');
  return (
    <div class="grid gap-4 pt-2">
      <ol class="grid gap-2.5" aria-live="polite">
        <For each={steps()}>
          {(step) => (
            <li class="flex items-start gap-2.5 text-3" classList={{ 'text-ink-3': state.steps[step] === 'waiting' }}>
              <StepMark status={state.steps[step]} />
              <span>
                {t.steps[step]}
                <span class="visually-hidden">{`: ${t.status[state.steps[step]]}`}</span>
              </span>
            </li>
          )}
        </For>
      </ol>
      <Show when={state.summary.length > 0}>
        <div class="rounded border border-line bg-raised p-3">
          <h3 class="font-semibold">{t.signed}</h3>
          <ul class="mt-1 grid gap-1 text-ink-2">
            <For each={state.summary}>{(line) => <li>{line}</li>}</For>
          </ul>
        </div>
      </Show>
      <Switch>
        <Match when={state.status === 'done'}>
          <p class="text-ink-2" data-testid="onboarding-result">
            {state.found === undefined ? t.done : t.found(formatQuote(state.found, { rounding: 'floor' }))}
          </p>
          <button
            type="button"
            class="button button-accent"
            onClick={() => props.onDone()}
            data-testid="onboarding-done"
          >
            {t.trade}
          </button>
        </Match>
        <Match when={state.status === 'failed'}>
          <p role="alert" class="text-down">
            {state.error}
          </p>
          <button type="button" class="button" onClick={() => void desk.onboarding.run()}>
            {t.again}
          </button>
        </Match>
      </Switch>
    </div>
  );
}

function StepMark(props: { readonly status: StepStatus }): JSX.Element {
  return (
    <span class="step-mark" data-status={props.status} aria-hidden="true">
      <Switch>
        <Match when={props.status === 'done'}>
          <CheckIcon size={12} />
        </Match>
        <Match when={props.status === 'failed'}>
          <CloseIcon size={12} />
        </Match>
      </Switch>
    </span>
  );
}
