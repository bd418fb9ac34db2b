import type { QuantDeskClient } from '#sdk/index.ts';
import type { AnalysisDto } from '#shared/protocol/ai.ts';
import type { ConversationDto } from '#shared/protocol/ai-chat.ts';
import { queryOptions } from '@tanstack/solid-query';

/** Rows of a list in the panel: what a trader looks back at. */
const conversationRowsMax = 50;
const analysisRowsMax = 20;
/** The sweep scores what has expired within minutes. */
const analysesRefreshMs = 30_000;
const recordRefreshMs = 60_000;

/** What MIKEY's panel and its track record read by request. */
export const assistantQueries = ({ assistant }: QuantDeskClient) => ({
  conversations: (address: string) =>
    queryOptions({
      queryKey: ['conversations', address],
      queryFn: async ({ signal }): Promise<ConversationDto[]> =>
        (await assistant.conversations({ limit: conversationRowsMax, signal })).items,
    }),
  analyses: (address: string) =>
    queryOptions({
      queryKey: ['analyses', address],
      queryFn: async ({ signal }): Promise<AnalysisDto[]> =>
        (await assistant.analyses({ limit: analysisRowsMax, signal })).items,
      refetchInterval: analysesRefreshMs,
    }),
  trackRecord: () =>
    queryOptions({
      queryKey: ['track-record'],
      queryFn: ({ signal }) => assistant.trackRecord({}, signal),
      refetchInterval: recordRefreshMs,
    }),
});
