import type { AiUsageRepository } from '#db/repositories/ai-usage.ts';
import { type LlmServer, type Protocol, startLlmServer } from '#support/llm/llm-server.ts';
import { type ModelBounds, modelBounds } from '../../workers/analyst/models/bounds.ts';
import {
  type ModelEvent,
  ModelFailure,
  type ModelRequest,
  type Models,
} from '../../workers/analyst/models/contract.ts';
import { modelSettingsSchema } from '../../workers/analyst/models/settings.ts';
import { createModels } from '../../workers/analyst/router.ts';
import { systemClock } from '../../workers/platform/clock.ts';
import { createLogger, type Logger } from '../../workers/platform/logger.ts';

/** Settings as the worker reads them from its variables. */
export const readModelSettings = (variables: Readonly<Record<string, string>>) =>
  modelSettingsSchema.parse({ NETWORK: 'local', ...variables });

export const testKey = 'sk-test-0123456789abcdef';
/** Enough for a busy machine, short enough to wait for. */
export const testBounds: ModelBounds = { ...modelBounds, headersMsMax: 1_500, silenceMsMax: 1_500 };
const testPolicy = { attemptsMax: 2, attemptTimeoutMs: 30_000, retryDelayMsMin: 1, retryDelayMsMax: 1_500 };

/** Counts nothing and refuses nothing: for tests of everything but the budget. */
export const boundlessUsage: AiUsageRepository = { reserve: async () => 'reserved', settle: async () => undefined };

export const modelOf = (provider: Protocol, baseUrl: string, more: object = {}) => ({
  ...{ provider, base_url: baseUrl, model: 'm', key: 'test', tasks: ['chat', 'analysis', 'signal'] },
  ...{ prices: { input: '1', output: '10' }, ...more },
});

export interface WorldOptions {
  readonly models: readonly object[];
  readonly usage?: AiUsageRepository;
  readonly variables?: Readonly<Record<string, string>>;
  readonly bounds?: Partial<ModelBounds>;
  readonly clock?: { nowMs(): number };
  readonly logger?: Logger;
}

export function modelsOf({
  models,
  usage = boundlessUsage,
  variables = {},
  bounds = {},
  ...more
}: WorldOptions): Models {
  const { clock = systemClock, logger = createLogger({ write: () => undefined }) } = more;
  const AI_KEYS = `test:${testKey}`;
  const settings = readModelSettings({ AI_MODELS: JSON.stringify(models), AI_KEYS, ...variables });
  return createModels({ settings, usage, clock, logger, bounds: { ...testBounds, ...bounds }, policy: testPolicy });
}

export const request = (more: Partial<ModelRequest> = {}): ModelRequest => ({
  ...{ task: 'chat', system: 'You are MIKEY.', wallet: 'A'.repeat(44) },
  ...{ messages: [{ role: 'user', text: 'How is SOL?' }], ...more },
});

/** What a caller saw of a stream, from its first event to its failure. */
export interface Seen {
  readonly events: readonly ModelEvent[];
  readonly text: string;
  /** The last model that was named. */
  readonly model: string | null;
  readonly failure: ModelFailure | null;
}

export async function seenOf(stream: AsyncIterable<ModelEvent>): Promise<Seen> {
  const events: ModelEvent[] = [];
  let failure: ModelFailure | null = null;
  try {
    for await (const event of stream) events.push(event);
  } catch (error) {
    if (!(error instanceof ModelFailure)) throw error;
    failure = error;
  }
  const text = events.map((event) => (event.type === 'token' ? event.text : '')).join('');
  const model = events.findLast((event) => event.type === 'model');
  return { events, text, model: model?.type === 'model' ? model.model : null, failure };
}

/** Servers that are closed when their test is over. */
export class Servers {
  readonly #servers: LlmServer[] = [];

  async start(protocol: Protocol, basePath = ''): Promise<LlmServer> {
    const server = await startLlmServer(protocol, basePath);
    this.#servers.push(server);
    return server;
  }

  async close(): Promise<void> {
    for (const server of this.#servers.splice(0)) await server.close();
  }
}
