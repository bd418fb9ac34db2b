import { For, Match, Show, Switch, createMemo, type JSX } from 'solid-js';

import { useAssistant } from '../../data/assistant.ts';
import { isQuantitative } from '../../domain/mikey/analysis-view.ts';
import { marketOfAnswer, type Answer, type AnswerState } from '../../domain/mikey/conversation.ts';
import { mikeyTexts } from '../../i18n/mikey.ts';
import { CheckIcon, ChevronIcon, CloseIcon } from '../../ui/icons.tsx';
import { CitedText } from './cited-text.tsx';
import { FailureNotice } from './failure-notice.tsx';
import { FigureList } from './figure-list.tsx';
import { ProposalCard } from './proposal-card.tsx';

const t = mikeyTexts.chat;

const isUnderWay = (state: AnswerState): boolean => state === 'waiting' || state === 'answering';

/** An answer as far as it is there: what was looked up for it, its text, what it proposes, and how it ended. */
export function AnswerView(props: {
  readonly answer: Answer;
  readonly onAgain: (() => void) | undefined;
}): JSX.Element {
  const assistant = useAssistant();
  const symbol = createMemo(() => marketOfAnswer(props.answer));
  const figures = createMemo(() => props.answer.tools.flatMap((tool) => tool.figures));
  const isRunning = () => isUnderWay(props.answer.state);
  return (
    <article class="mikey-answer" aria-busy={isRunning() ? 'true' : undefined} data-state={props.answer.state}>
      <h3 class="visually-hidden">{t.mikey}</h3>
      <Show when={props.answer.tools.length > 0}>
        <ToolList tools={props.answer.tools} open={isRunning()} />
      </Show>
      <Show when={isRunning() && props.answer.text === ''}>
        <p class="mikey-waiting">
          <span class="mikey-dots" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          {t.waiting}
        </p>
      </Show>
      <div data-testid="answer">
        <CitedText text={props.answer.text} symbol={symbol()} figures={figures()} />
      </div>
      <Show when={!isRunning()}>
        <FigureList text={props.answer.text} symbol={symbol()} figures={figures()} />
      </Show>
      <For each={props.answer.proposals}>{(proposal) => <ProposalCard proposal={proposal} />}</For>
      <Show when={props.answer.failure}>
        {(failure) => <FailureNotice failure={failure()} onAgain={props.onAgain} onBegin={() => assistant.begin()} />}
      </Show>
      <Foot answer={props.answer} />
    </article>
  );
}

/** How it ended, and who said it. */
function Foot(props: { readonly answer: Answer }): JSX.Element {
  return (
    <p class="mikey-foot">
      <Switch>
        <Match when={props.answer.state === 'stopped'}>
          <span>{t.stopped}</span>
        </Match>
        <Match when={props.answer.isTruncated}>
          <span>{t.truncated}</span>
        </Match>
      </Switch>
      <Show when={!isUnderWay(props.answer.state) && props.answer.model}>{(model) => <Author model={model()} />}</Show>
    </p>
  );
}

/** Who answers: the language model by its name, or the quantitative analyst. */
export function Author(props: { readonly model: string }): JSX.Element {
  const isOwn = () => isQuantitative(props.model);
  return (
    <span
      class="mikey-author"
      title={isOwn() ? mikeyTexts.quantitativeHint : mikeyTexts.modelHint(props.model)}
      data-testid="author"
    >
      <span class="visually-hidden">{mikeyTexts.answeredBy} </span>
      {isOwn() ? mikeyTexts.quantitative : props.model}
    </span>
  );
}

/** What MIKEY looks up, in words: in sight while it does, folded to one line afterwards. */
function ToolList(props: { readonly tools: Answer['tools']; readonly open: boolean }): JSX.Element {
  const texts = mikeyTexts.tools;
  const nameOf = ({ name, symbol }: Answer['tools'][number]) => {
    const what = texts.names[name] ?? texts.other;
    return symbol === null ? what : texts.of(what, symbol);
  };
  return (
    <details class="mikey-tools" open={props.open} data-testid="tools">
      <summary>
        <ChevronIcon size={12} />
        {texts.count(props.tools.length)}
      </summary>
      <ul aria-label={texts.label}>
        <For each={props.tools}>
          {(tool) => (
            <li data-state={tool.state}>
              <Switch fallback={<span class="mikey-spin" aria-hidden="true" />}>
                <Match when={tool.state === 'done'}>
                  <CheckIcon size={12} />
                </Match>
                <Match when={tool.state === 'failed'}>
                  <CloseIcon size={12} />
                </Match>
              </Switch>
              {nameOf(tool)}
              <Show when={tool.state === 'failed'}>
                <span class="text-warn"> {texts.failed}</span>
              </Show>
            </li>
          )}
        </For>
      </ul>
    </details>
  );
}
