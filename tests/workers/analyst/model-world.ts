import { env } from 'cloudflare:workers';
import { inject } from 'vitest';
import { createAiUsageRepository } from '#db/repositories/ai-usage.ts';
import type { ChatEvent, ChatRequest } from '#shared/protocol/ai-chat.ts';
import type { Behaviour } from '#support/llm/behaviour.ts';
import { beginChat } from '../../../workers/analyst/chat/begin-answer.ts';
import { chatEvents } from '../../../workers/analyst/chat/chat-stream.ts';
import { modelSettingsSchema } from '../../../workers/analyst/models/settings.ts';
import { createModels } from '../../../workers/analyst/router.ts';
import type { Services } from '../../../workers/api/context.ts';
import { servicesOf } from '../../../workers/api/services.ts';
import { userIdOf } from '../../../workers/platform/ids.ts';
import { silentLogger } from '../../../workers/platform/logger.ts';

export const modelKey = 'sk-never-shown-0123456789';

/** A request as the model's server got it. */
interface Received {
  readonly text: string;
  readonly body: { readonly messages: readonly { readonly role: string; readonly content: unknown }[] };
}

/** Tells the model what it does next; forgets what it was asked before. */
async function behave(behaviours: readonly Behaviour[]): Promise<string> {
  const told = await fetch(inject('stackControls').llm, { method: 'POST', body: JSON.stringify({ behaviours }) });
  return ((await told.json()) as { baseUrl: string }).baseUrl;
}

/** What the model was sent. */
export async function received(): Promise<readonly Received[]> {
  const told = await fetch(inject('stackControls').llm);
  return ((await told.json()) as { requests: Received[] }).requests;
}

/** The exchange's own services, with a model that speaks OpenAI's protocol and does this. */
export async function withModel(
  behaviours: readonly Behaviour[],
  variables: Readonly<Record<string, string>> = {},
): Promise<Services> {
  const services = servicesOf(env);
  const baseUrl = await behave(behaviours);
  const model = {
    provider: 'openai',
    base_url: baseUrl,
    model: 'm',
    key: 'test',
    prices: { input: '1', output: '10' },
  };
  const AI_MODELS = JSON.stringify([{ ...model, tasks: ['chat', 'analysis', 'signal'] }]);
  const given = { NETWORK: 'local', AI_MODELS, AI_KEYS: `test:${modelKey}`, ...variables };
  const settings = modelSettingsSchema.parse(given);
  const usage = createAiUsageRepository(services.database);
  const policy = { attemptsMax: 1, attemptTimeoutMs: 10_000, retryDelayMsMin: 1, retryDelayMsMax: 10 };
  return {
    ...services,
    models: createModels({ settings, usage, clock: services.clock, logger: silentLogger, policy }),
  };
}

export const ownerOf = (wallet: string) => ({ wallet, userId: userIdOf(wallet) });

/** Asks as the operation does; what was heard, in its order. */
export async function chat(services: Services, wallet: string, change: Partial<ChatRequest> & { message: string }) {
  const request: ChatRequest = { screen: 'other', ...change };
  const caller = ownerOf(wallet);
  const { kept, answer } = await beginChat(services, caller, request, new AbortController().signal);
  const events: ChatEvent[] = [];
  const options = { services, caller, kept, answer, requestId: 'test', logger: silentLogger };
  for await (const event of chatEvents(options)) events.push(event);
  const text = events.map((event) => (event.type === 'token' ? event.data.text : '')).join('');
  const said = await services.repositories.conversations.get(caller.userId, kept.conversationId);
  return { events, text, conversationId: kept.conversationId, kept: said?.messages.at(-1) };
}

/** A model's wish for a tool, then its words. */
export const wishing = (name: string, args: unknown): Behaviour => ({
  kind: 'answer',
  toolCalls: [{ name, args: JSON.stringify(args) }],
});
export const saying = (...text: string[]): Behaviour => ({ kind: 'answer', text });
