import * as z from 'zod';
import {
  type AnalysisType,
  type AnalyzeRequest,
  analysisSchema,
  analyzeRequestSchema,
  trackRecordSchema,
} from '#shared/protocol/ai.ts';
import {
  type ChatEvent,
  type ChatRequest,
  chatEventSchemas,
  chatRequestSchema,
  conversationDetailSchema,
  conversationSchema,
  deletedConversationsSchema,
} from '#shared/protocol/ai-chat.ts';

import type { HttpClient } from '../http.ts';
import { type ListOptions, listRequest, own, segment, withSignal } from './request.ts';

/** A language model may take its time. */
const analysisTimeoutMs = 120_000;

/** A question: what has a default may be left out. */
export type ChatQuestion = Omit<ChatRequest, 'screen'> & Partial<Pick<ChatRequest, 'screen'>>;
/** A market to analyse: what has a default may be left out. */
export type AnalysisQuestion = Omit<AnalyzeRequest, 'horizon'> & Partial<Pick<AnalyzeRequest, 'horizon'>>;

/**
 * The assistant. It proposes and never acts: an order it proposes is placed by `orders.place`, like any other.
 *
 * @example
 * for await (const event of client.assistant.chat({ message: 'How risky is my position?', screen: 'risk' })) {
 *   if (event.type === 'token') process.stdout.write(event.data.text);
 * }
 */
export function assistantOf(http: HttpClient) {
  return {
    /** Analyses a market now. It is kept, and scored when it has expired. */
    analyze: (question: AnalysisQuestion, signal?: AbortSignal) =>
      http.request('POST', '/api/ai/analyze', analysisSchema, {
        ...own(signal),
        body: z.encode(analyzeRequestSchema, { horizon: '15m', ...question }),
        timeoutMs: analysisTimeoutMs,
      }),
    analyses: (options: ListOptions & { symbol?: string; analysisType?: AnalysisType } = {}) =>
      http.page(
        '/api/ai/analyses',
        analysisSchema,
        listRequest(options, { symbol: options.symbol, analysis_type: options.analysisType }),
      ),
    trackRecord: (filter: { symbol?: string; horizon?: string; model?: string } = {}, signal?: AbortSignal) =>
      http.request('GET', '/api/ai/track-record', trackRecordSchema, { query: filter, ...withSignal(signal) }),
    /**
     * Asks, and gives the answer as it comes. Leaving the loop, or `signal`, ends the answer; what was said by then is kept in the conversation.
     * An answer that breaks off ends with an `error` event. @throws ApiError where there is no answer at all, or the connection is lost.
     */
    chat: (question: ChatQuestion, signal?: AbortSignal): AsyncGenerator<ChatEvent, void> => {
      const body = z.encode(chatRequestSchema, { screen: 'other', ...question });
      return http.events('/api/ai/chat', chatEventSchemas, { ...own(signal), body }) as AsyncGenerator<ChatEvent, void>;
    },
    conversations: (options: ListOptions = {}) =>
      http.page('/api/ai/conversations', conversationSchema, listRequest(options)),
    /** With everything said, oldest first. */
    conversation: (id: string, signal?: AbortSignal) =>
      http.request('GET', `/api/ai/conversations/${segment(id)}`, conversationDetailSchema, own(signal)),
    /** Deletes a conversation, with everything said in it. */
    deleteConversation: (id: string) =>
      http.request('DELETE', `/api/ai/conversations/${segment(id)}`, deletedConversationsSchema, { auth: true }),
    /** Deletes all of them. */
    deleteConversations: () =>
      http.request('DELETE', '/api/ai/conversations', deletedConversationsSchema, { auth: true }),
  };
}
