import { For, Match, Show, Switch, createEffect, createMemo, on, onMount, type JSX } from 'solid-js';

import { useAssistant } from '../../data/assistant.ts';
import { useDesk } from '../../data/desk.ts';
import { answerUnderWay, type Answer, type Entry } from '../../domain/mikey/conversation.ts';
import { quickQuestions } from '../../domain/mikey/quick-questions.ts';
import { mikeyTexts } from '../../i18n/mikey.ts';
import { AssistantIcon } from '../../ui/icons.tsx';
import { SkeletonRows } from '../../ui/panel-state.tsx';
import { AnswerView } from './answer.tsx';
import { Composer } from './composer.tsx';
import { useMarketHere, useScreen } from './use-place.ts';

const t = mikeyTexts.chat;
/** Over the question that is brought to the top. Pixels. */
const marginTop = 8;

/** The conversation, what can be asked on this screen, and the question field. */
export function ChatView(): JSX.Element {
  const desk = useDesk();
  const assistant = useAssistant();
  const screen = useScreen();
  const symbol = useMarketHere();
  const entries = () => assistant.conversation.entries;
  const ask = (text: string) => {
    follows = true;
    void assistant.ask(text, { screen: screen(), symbol: symbol() });
  };
  /** Whether there is a position: what can be asked depends on it, and moves what stands above. */
  const isKnown = () => desk.own.account.positions !== undefined || entries().length > 0;
  const questions = createMemo(() => {
    const isHeld = desk.own.account.positions?.some((position) => position.symbol === symbol()) ?? false;
    return quickQuestions(screen(), symbol(), isHeld);
  });
  const lastQuestion = () => {
    const last = entries().findLast(({ kind }) => kind === 'question');
    return last?.kind === 'question' ? last.text : undefined;
  };
  const againOf = (entry: Entry) => {
    const question = lastQuestion();
    return entry === entries().at(-1) && question !== undefined ? () => ask(question) : undefined;
  };

  let log!: HTMLDivElement;
  /** Until the trader scrolls by himself. */
  let follows = true;
  /** To the end, as far as the last question stays in sight: an answer is read from its beginning. */
  const follow = () => {
    if (!follows) return;
    const question = [...log.querySelectorAll<HTMLElement>('.mikey-question')].at(-1);
    const end = log.scrollHeight - log.clientHeight;
    log.scrollTop = question === undefined ? end : Math.min(end, question.offsetTop - marginTop);
  };
  const length = () => {
    const answer = entries().at(-1);
    return answer?.kind === 'answer'
      ? `${entries().length}/${answer.text.length}/${answer.tools.length}/${answer.proposals.length}/${answer.state}`
      : String(entries().length);
  };
  createEffect(on(length, () => requestAnimationFrame(follow)));
  onMount(follow);

  return (
    <>
      <div
        ref={log}
        class="mikey-log"
        role="region"
        aria-label={t.log}
        tabIndex={0}
        onWheel={() => (follows = false)}
        onTouchMove={() => (follows = false)}
        onKeyDown={() => (follows = false)}
      >
        <Show
          when={entries().length > 0}
          fallback={
            <Show when={isKnown()} fallback={<SkeletonRows rows={6} />}>
              <Welcome />
            </Show>
          }
        >
          <Show when={assistant.conversation.notice}>
            {(notice) => (
              <p class="mikey-notice" role="note" data-testid="mikey-notice">
                {notice()}
              </p>
            )}
          </Show>
          <For each={entries()}>{(entry) => <EntryView entry={entry} onAgain={againOf(entry)} />}</For>
        </Show>
      </div>
      <Show when={isKnown()}>
        <QuickQuestions
          questions={questions()}
          isFirst={entries().length === 0}
          isAnswering={answerUnderWay(assistant.conversation) !== undefined}
          onAsk={ask}
        />
      </Show>
      <Composer onAsk={ask} />
    </>
  );
}

function EntryView(props: { readonly entry: Entry; readonly onAgain: (() => void) | undefined }): JSX.Element {
  const asAnswer = (): Answer | undefined => (props.entry.kind === 'answer' ? props.entry : undefined);
  return (
    <Switch>
      <Match when={asAnswer()}>{(answer) => <AnswerView answer={answer()} onAgain={props.onAgain} />}</Match>
      <Match when={props.entry.kind === 'question' && props.entry}>
        {(question) => (
          <div class="mikey-question">
            <h3 class="visually-hidden">{t.you}</h3>
            <p>{question().text}</p>
          </div>
        )}
      </Match>
    </Switch>
  );
}

function Welcome(): JSX.Element {
  return (
    <div class="mikey-welcome">
      <span class="mikey-sign">
        <AssistantIcon size={20} />
      </span>
      <p class="text-4 font-semibold">{t.welcome}</p>
      <p class="text-ink-2">{t.welcomeText}</p>
    </div>
  );
}

/** They keep their place while an answer comes: nothing moves when it ends, and the focus stays on the one that was pressed. */
function QuickQuestions(props: {
  readonly questions: readonly string[];
  readonly isFirst: boolean;
  readonly isAnswering: boolean;
  readonly onAsk: (text: string) => void;
}): JSX.Element {
  return (
    <ul class="mikey-quick" data-first={props.isFirst ? '' : undefined} aria-label={t.questions}>
      <For each={props.questions}>
        {(question) => (
          <li>
            <button
              type="button"
              aria-disabled={props.isAnswering ? 'true' : undefined}
              data-testid="quick-question"
              onClick={() => !props.isAnswering && props.onAsk(question)}
            >
              {question}
            </button>
          </li>
        )}
      </For>
    </ul>
  );
}
