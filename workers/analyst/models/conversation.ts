import { AIMessage, type BaseMessage, HumanMessage, SystemMessage, ToolMessage } from '@langchain/core/messages';
import type { ModelMessage } from './contract.ts';

/** What a model thought before it answered, as it wants it back: in its own form, signed. */
export type ThinkingBlock =
  | { readonly type: 'thinking'; readonly thinking: string; readonly signature: string }
  | { readonly type: 'redacted_thinking'; readonly data: string };

/** A model's wish for a tool. The id is ours (`newCallId`): what one provider writes another refuses. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** Null where the model wrote no JSON object. */
  readonly input: Readonly<Record<string, unknown>> | null;
}

/** A turn of the conversation, in no provider's form: another model can go on from it. */
export type Turn =
  | { readonly role: 'user'; readonly text: string }
  | {
      readonly role: 'assistant';
      readonly text: string;
      readonly toolCalls: readonly ToolCall[];
      readonly thinking: readonly ThinkingBlock[];
      /** Place of the model that wrote it in AI_MODELS; its thinking goes back to it alone. Null for an earlier answer. */
      readonly by: number | null;
    }
  | { readonly role: 'tool'; readonly id: string; readonly name: string; readonly content: string };

/** A conversation so far, from its first question on: providers refuse one that begins with an answer, or holds an empty message. */
export function turnsOf(messages: readonly ModelMessage[]): Turn[] {
  const written = messages.filter(({ text }) => text.trim() !== '');
  const first = written.findIndex(({ role }) => role === 'user');
  return written.slice(Math.max(0, first)).map(turnOf);
}

const turnOf = ({ role, text }: ModelMessage): Turn =>
  role === 'user' ? { role, text } : { role, text, toolCalls: [], thinking: [], by: null };

/** Nine letters and digits, which every provider takes. */
export const newCallId = (place: number): string => `call${String(place).padStart(5, '0')}`;

/** The conversation for the model at `place` of AI_MODELS. */
export function messagesOf(system: string, turns: readonly Turn[], place: number): BaseMessage[] {
  return [new SystemMessage(system), ...turns.map((turn) => messageOf(turn, place))];
}

function messageOf(turn: Turn, place: number): BaseMessage {
  if (turn.role === 'user') return new HumanMessage(turn.text);
  if (turn.role === 'tool')
    return new ToolMessage({ content: turn.content, tool_call_id: turn.id, name: turn.name, status: 'success' });
  const { text, by } = turn;
  const thinking = by === place ? turn.thinking : [];
  const written = text === '' ? [] : [{ type: 'text', text }];
  const toolCalls = turn.toolCalls.map(({ id, name, input }) => ({
    ...{ id, name: wireName(name), args: { ...input }, type: 'tool_call' as const },
  }));
  return new AIMessage({ content: thinking.length === 0 ? text : [...thinking, ...written], tool_calls: toolCalls });
}

/** A name that providers take in a history, whatever a model invented. */
const wireName = (name: string): string => name.replace(/[^a-zA-Z0-9_-]/g, '_').slice(0, 64) || 'unknown';
