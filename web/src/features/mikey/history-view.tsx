import type { ConversationDto } from '#shared/protocol/ai-chat.ts';
import { useQuery, useQueryClient } from '@tanstack/solid-query';
import { For, Show, createSignal, type JSX } from 'solid-js';

import { assistantQueries } from '../../data/assistant-queries.ts';
import { useAssistant } from '../../data/assistant.ts';
import { useDesk } from '../../data/desk.ts';
import { errorText } from '../../data/error-text.ts';
import { formatDateTime } from '../../domain/format.ts';
import { failureOf } from '../../domain/mikey/failure.ts';
import { mikeyTexts } from '../../i18n/mikey.ts';
import { Notice, PanelState, SkeletonRows, type PanelStatus } from '../../ui/panel-state.tsx';
import { TrashIcon } from './icons.tsx';

const t = mikeyTexts.history;
/** Stands for every conversation where one is named to be deleted. */
const all = 'all';

/** What was asked before: to go on with, or to delete. */
export function HistoryView(props: { readonly onOpen: () => void }): JSX.Element {
  const desk = useDesk();
  const assistant = useAssistant();
  const address = () => desk.session.address();
  const conversations = useQuery(() => ({
    ...assistantQueries(desk.client).conversations(address() ?? ''),
    enabled: address() !== undefined,
  }));
  const [opening, setOpening] = createSignal<string | undefined>();
  const { deleting, setDeleting, remove } = useDeleting();
  const status = (): PanelStatus => {
    if (conversations.data !== undefined) return conversations.data.length === 0 ? 'empty' : 'data';
    return conversations.isError ? 'error' : 'loading';
  };
  const open = async (id: string) => {
    setOpening(id);
    try {
      assistant.open(await desk.client.assistant.conversation(id));
      props.onOpen();
    } catch (error) {
      desk.notices.show({ tone: 'warn', title: mikeyTexts.failures[goneOr(error)], text: errorText(error) });
      assistant.refreshLists();
    } finally {
      setOpening(undefined);
    }
  };
  return (
    <div class="mikey-log" role="region" aria-label={t.label} tabIndex={0}>
      <PanelState
        status={status()}
        skeleton={<SkeletonRows rows={6} />}
        empty={<Notice title={t.empty} text={t.emptyText} />}
        errorText={errorText(conversations.error)}
        onRetry={() => void conversations.refetch()}
      >
        <ul class="mikey-conversations" aria-label={t.label}>
          <For each={conversations.data}>
            {(conversation) => (
              <ConversationRow
                conversation={conversation}
                isOpen={assistant.conversation.id === conversation.conversation_id}
                isOpening={opening() === conversation.conversation_id}
                isAsked={deleting() === conversation.conversation_id}
                onOpen={() => void open(conversation.conversation_id)}
                onAskDelete={(asked) => setDeleting(asked ? conversation.conversation_id : undefined)}
                onDelete={() => void remove(conversation.conversation_id)}
              />
            )}
          </For>
        </ul>
        <div class="flex justify-end pt-1">
          <Show
            when={deleting() === all}
            fallback={
              <button type="button" class="button button-quiet button-small" onClick={() => setDeleting(all)}>
                {t.deleteAll}
              </button>
            }
          >
            <Sure question={t.sureAll} onYes={() => void remove(undefined)} onNo={() => setDeleting(undefined)} />
          </Show>
        </div>
      </PanelState>
    </div>
  );
}

const goneOr = (error: unknown): 'gone' | 'other' => (failureOf(error, 0).kind === 'gone' ? 'gone' : 'other');

/** Deletes after a second press; what is gone at the exchange is gone here. */
function useDeleting() {
  const desk = useDesk();
  const assistant = useAssistant();
  const queryClient = useQueryClient();
  const [deleting, setDeleting] = createSignal<string | undefined>();
  const remove = async (id: string | undefined) => {
    const key = ['conversations', desk.session.address() ?? ''];
    setDeleting(undefined);
    try {
      if (id === undefined) await desk.client.assistant.deleteConversations();
      else await desk.client.assistant.deleteConversation(id);
      if (id === undefined || assistant.conversation.id === id) assistant.begin();
      queryClient.setQueryData<ConversationDto[]>(key, (held = []) =>
        id === undefined ? [] : held.filter(({ conversation_id: known }) => known !== id),
      );
      assistant.say(id === undefined ? t.deletedAll : t.deleted);
    } catch (error) {
      desk.notices.show({ tone: 'warn', title: t.failed, text: errorText(error) });
    }
    // The row is gone with its keys: the list keeps the focus.
    document.querySelector<HTMLElement>('.mikey-log')?.focus({ preventScroll: true });
    void queryClient.invalidateQueries({ queryKey: key });
  };
  return { deleting, setDeleting, remove };
}

function ConversationRow(props: {
  readonly conversation: ConversationDto;
  readonly isOpen: boolean;
  readonly isOpening: boolean;
  readonly isAsked: boolean;
  readonly onOpen: () => void;
  readonly onAskDelete: (asked: boolean) => void;
  readonly onDelete: () => void;
}): JSX.Element {
  return (
    <li data-testid="conversation" aria-current={props.isOpen ? 'true' : undefined}>
      <Show
        when={!props.isAsked}
        fallback={<Sure question={t.sure} onYes={props.onDelete} onNo={() => props.onAskDelete(false)} />}
      >
        <button
          type="button"
          class="mikey-conversation"
          title={t.open(props.conversation.title)}
          disabled={props.isOpening}
          data-testid="open-conversation"
          onClick={() => props.onOpen()}
        >
          <span class="mikey-conversation-title">{props.conversation.title}</span>
          <span class="text-ink-3">
            {formatDateTime(new Date(props.conversation.updated_at))} · {t.messages(props.conversation.messages)}
          </span>
        </button>
        <button
          type="button"
          class="button button-quiet icon-button"
          aria-label={t.delete(props.conversation.title)}
          title={t.delete(props.conversation.title)}
          data-testid="delete-conversation"
          onClick={() => props.onAskDelete(true)}
        >
          <TrashIcon />
        </button>
      </Show>
    </li>
  );
}

/** Asks once more, with the cursor on the answer that keeps everything. */
function Sure(props: {
  readonly question: string;
  readonly onYes: () => void;
  readonly onNo: () => void;
}): JSX.Element {
  return (
    <div class="mikey-sure" role="group" aria-label={props.question}>
      <span>{props.question}</span>
      <button
        type="button"
        class="button button-down button-small"
        data-testid="delete-yes"
        onClick={() => props.onYes()}
      >
        {t.yes}
      </button>
      <button
        ref={(button) => requestAnimationFrame(() => button.focus())}
        type="button"
        class="button button-small"
        onClick={() => props.onNo()}
      >
        {t.no}
      </button>
    </div>
  );
}
