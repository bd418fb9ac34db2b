import type { MarketSymbol } from '#shared/markets.ts';
import { chatMessageLengthMax, type ChatScreen, type ConversationDetailDto } from '#shared/protocol/ai-chat.ts';
import { useQueryClient, type QueryClient } from '@tanstack/solid-query';
import { createEffect, createRoot, createSignal, on } from 'solid-js';
import { createStore, reconcile, unwrap } from 'solid-js/store';

import {
  answerUnderWay,
  emptyConversation,
  reduceConversation,
  type Conversation,
  type ConversationAction,
} from '../domain/mikey/conversation.ts';
import { failureOf } from '../domain/mikey/failure.ts';
import { useDesk, type Desk } from './desk.ts';

/** Characters of one question. */
export const questionLengthMax = chatMessageLengthMax;

/** Where a question is asked, and about which market. */
export interface AskedAt {
  readonly screen: ChatScreen;
  readonly symbol: MarketSymbol | undefined;
}

/** The conversation on screen: it goes on while its panel is folded or another page is shown, and ends with the wallet. */
function createAssistant(desk: Desk, queryClient: QueryClient) {
  const [conversation, setConversation] = createStore<Conversation>({ ...emptyConversation });
  const [draft, setDraft] = createSignal('');
  const [said, say] = createSignal('');
  let running: AbortController | undefined;

  const dispatch = (action: ConversationAction) =>
    setConversation(reconcile(reduceConversation(unwrap(conversation), action), { key: 'id' }));
  const stop = () => {
    running?.abort();
    running = undefined;
    dispatch({ type: 'stopped' });
  };
  /** Ends what runs, without a word about it. */
  const leave = () => {
    running?.abort();
    running = undefined;
    dispatch({ type: 'cleared' });
  };
  const refreshLists = () => {
    const address = desk.session.address() ?? '';
    void queryClient.invalidateQueries({ queryKey: ['conversations', address] });
    void queryClient.invalidateQueries({ queryKey: ['analyses', address] });
  };

  const forget = () => {
    leave();
    setDraft('');
  };
  createEffect(on(desk.session.address, forget, { defer: true }));

  const ask = async (text: string, { screen, symbol }: AskedAt): Promise<void> => {
    // Half a character or a NUL is no text.
    const message = text.toWellFormed().replaceAll('\0', '').trim();
    if (message === '' || message.length > questionLengthMax || answerUnderWay(conversation) !== undefined) return;
    const mine = new AbortController();
    running = mine;
    const isMine = () => running === mine;
    const conversationId = conversation.id;
    dispatch({ type: 'asked', id: crypto.randomUUID(), text: message, symbol: symbol ?? null });
    try {
      const request = {
        ...{ message, screen },
        ...(conversationId === null ? {} : { conversation_id: conversationId }),
        ...(symbol === undefined ? {} : { symbol }),
      };
      for await (const event of desk.client.assistant.chat(request, mine.signal)) {
        if (!isMine()) return;
        dispatch({ type: 'heard', event, atMs: Date.now() });
      }
      if (isMine()) dispatch({ type: 'closed' });
    } catch (error) {
      if (isMine()) dispatch({ type: 'failed', failure: failureOf(error, Date.now()) });
    } finally {
      if (isMine()) running = undefined;
      refreshLists();
    }
  };

  return {
    conversation,
    /** The question that is being typed. */
    ...{ draft, setDraft },
    /** What a screen reader is told of what happens here. */
    ...{ said, say },
    isAnswering: () => answerUnderWay(conversation) !== undefined,
    ...{ ask, stop, refreshLists },
    /** Shows a conversation that was kept. */
    open: (detail: ConversationDetailDto) => {
      leave();
      dispatch({ type: 'opened', detail });
    },
    /** Begins anew; what was said is kept by the exchange. */
    begin: leave,
  };
}

export type Assistant = ReturnType<typeof createAssistant>;

let held: { readonly desk: Desk; readonly assistant: Assistant } | undefined;

/** The one conversation of this page. */
export function useAssistant(): Assistant {
  const desk = useDesk();
  const queryClient = useQueryClient();
  if (held?.desk !== desk) held = { desk, assistant: createRoot(() => createAssistant(desk, queryClient)) };
  return held.assistant;
}
