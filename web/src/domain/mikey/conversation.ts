import type { MarketSymbol } from '#shared/markets.ts';
import type {
  ChatEvent,
  ChatMessageDto,
  ConversationDetailDto,
  ProposalDto,
  ToolActivityDto,
} from '#shared/protocol/ai-chat.ts';

import { failureTold, type Failure } from './failure.ts';

/** How an answer stands. `stopped`: by the one who asked. */
export type AnswerState = 'waiting' | 'answering' | 'done' | 'stopped' | 'failed';

export interface Question {
  readonly kind: 'question';
  readonly id: string;
  readonly text: string;
}

export interface Answer {
  readonly kind: 'answer';
  /** The same from the question on, whatever the exchange calls it later: its place on screen does not change. */
  readonly id: string;
  readonly text: string;
  /** Who answers; null until that is known. */
  readonly model: string | null;
  readonly tools: readonly ToolActivityDto[];
  readonly proposals: readonly ProposalDto[];
  readonly state: AnswerState;
  /** What was said is longer than what is kept. */
  readonly isTruncated: boolean;
  readonly failure: Failure | null;
  /** The market on screen when it was asked: what its figures speak of. */
  readonly symbol: MarketSymbol | null;
}

export type Entry = Question | Answer;

export interface Conversation {
  /** Null: not begun. */
  readonly id: string | null;
  /** To be shown once, with the first answer. */
  readonly notice: string | null;
  readonly entries: readonly Entry[];
}

export type ConversationAction =
  | { readonly type: 'asked'; readonly id: string; readonly text: string; readonly symbol: MarketSymbol | null }
  /** An event of the answer under way, and when it came. */
  | { readonly type: 'heard'; readonly event: ChatEvent; readonly atMs: number }
  /** The stream ended; without an `end` or an `error` before, it broke off. */
  | { readonly type: 'closed' }
  | { readonly type: 'failed'; readonly failure: Failure }
  | { readonly type: 'stopped' }
  | { readonly type: 'opened'; readonly detail: ConversationDetailDto }
  | { readonly type: 'cleared' };

export const emptyConversation: Conversation = { id: null, notice: null, entries: [] };

/** Of one answer: beyond it the exchange keeps no more either. */
const answerLengthMax = 40_000;
const toolsMax = 40;
const proposalsMax = 8;
/** Entries on screen, the newest. */
const entriesMax = 200;

const brokenOff: Failure = { kind: 'connection', code: 'CLIENT_NETWORK', message: '', againAtMs: null };

/** The answer under way; undefined when none is. */
export const answerUnderWay = ({ entries }: Conversation): Answer | undefined => {
  const last = entries.at(-1);
  return last?.kind === 'answer' && (last.state === 'waiting' || last.state === 'answering') ? last : undefined;
};

/** The next state of a conversation. What comes for an answer that is not under way any more changes nothing. */
export function reduceConversation(state: Conversation, action: ConversationAction): Conversation {
  switch (action.type) {
    case 'asked':
      return { ...state, entries: [...state.entries, ...asked(action)].slice(-entriesMax) };
    case 'heard':
      return heard(state, action.event, action.atMs);
    case 'closed':
      return withAnswer(state, (answer) => ({ ...answer, state: 'failed', failure: brokenOff }));
    case 'failed':
      return withAnswer(state, (answer) => ({ ...answer, state: 'failed', failure: action.failure }));
    case 'stopped':
      return withAnswer(state, (answer) => ({ ...answer, state: 'stopped' }));
    case 'opened':
      return openedFrom(action.detail);
    case 'cleared':
      return emptyConversation;
  }
}

function asked({ id, text, symbol }: Extract<ConversationAction, { type: 'asked' }>): Entry[] {
  return [
    { kind: 'question', id: `${id}/question`, text },
    {
      ...{ kind: 'answer', id, text: '', model: null, tools: [], proposals: [], state: 'waiting' },
      ...{ isTruncated: false, failure: null, symbol },
    },
  ];
}

function withAnswer(state: Conversation, change: (answer: Answer) => Answer): Conversation {
  const answer = answerUnderWay(state);
  if (answer === undefined) return state;
  const settled = change(answer);
  return { ...state, entries: [...state.entries.slice(0, -1), settled] };
}

function heard(state: Conversation, event: ChatEvent, atMs: number): Conversation {
  if (answerUnderWay(state) === undefined) return state;
  switch (event.type) {
    case 'start': {
      const { conversation_id: id, notice, model } = event.data;
      const started = withAnswer(state, (answer) => ({ ...answer, model, state: 'answering' }));
      return { ...started, id, notice: state.notice ?? notice };
    }
    case 'token':
      return withAnswer(state, (answer) => ({
        ...answer,
        state: 'answering',
        text: (answer.text + event.data.text).slice(0, answerLengthMax),
      }));
    case 'tool':
      return withAnswer(state, (answer) => ({ ...answer, tools: withTool(answer.tools, event.data) }));
    case 'proposal':
      return withAnswer(state, (answer) => ({
        ...answer,
        proposals: [...answer.proposals, event.data].slice(-proposalsMax),
      }));
    case 'end': {
      const { model, truncated } = event.data;
      return withAnswer(state, (answer) => ({ ...answer, model, isTruncated: truncated, state: 'done' }));
    }
    case 'error': {
      const { code, message, retry_after_seconds: seconds } = event.data;
      const retryAfterMs = seconds === null ? null : seconds * 1_000;
      return withAnswer(state, (answer) => ({
        ...answer,
        state: 'failed',
        failure: failureTold({ code, message, retryAfterMs }, atMs),
      }));
    }
  }
}

/** What a tool does now takes the place of its beginning. */
function withTool(tools: readonly ToolActivityDto[], heardTool: ToolActivityDto): ToolActivityDto[] {
  const at = tools.findIndex(
    ({ name, symbol, state }) => state === 'started' && name === heardTool.name && symbol === heardTool.symbol,
  );
  if (heardTool.state === 'started' || at < 0) return [...tools, heardTool].slice(-toolsMax);
  return tools.map((tool, index) => (index === at ? heardTool : tool));
}

/** A conversation that was kept. */
function openedFrom(detail: ConversationDetailDto): Conversation {
  return {
    id: detail.conversation_id,
    notice: null,
    entries: detail.messages
      .slice(-entriesMax)
      .map((message) => (message.role === 'user' ? said(message) : answered(message))),
  };
}

const said = ({ message_id: id, text }: ChatMessageDto): Question => ({ kind: 'question', id, text });

function answered({ message_id: id, text, model, tools, proposals, complete }: ChatMessageDto): Answer {
  return {
    ...{ kind: 'answer', id, text, model, tools, proposals, state: complete ? 'done' : 'stopped' },
    ...{ isTruncated: false, failure: null, symbol: null },
  };
}

/** The market an answer speaks of: the last one that was looked at for it, else the one on screen when it was asked. */
export function marketOfAnswer({ tools, proposals, symbol }: Answer): MarketSymbol | null {
  const looked = tools.findLast((tool) => tool.symbol !== null)?.symbol ?? null;
  return looked ?? proposals.at(-1)?.order.symbol ?? symbol;
}
