import * as z from 'zod';
import { createModels } from '../../../workers/analyst/router.ts';
import { modelBounds } from '../../../workers/analyst/models/bounds.ts';
import { ModelFailure } from '../../../workers/analyst/models/contract.ts';
import { modelSettings } from '../../../workers/analyst/models/settings.ts';
import { systemClock } from '../../../workers/platform/clock.ts';
import { silentLogger } from '../../../workers/platform/logger.ts';

const price = {
  ...{ name: 'price', description: 'The price of a market.', schema: z.object({ symbol: z.string() }) },
  run: async () => ({ price: '150.25' }),
};

/** Streams a request's events as lines of JSON; the body is the settings. */
export default {
  async fetch(request: Request): Promise<Response> {
    const settings = z.object(modelSettings).parse(await request.json());
    const models = createModels({
      ...{ settings, clock: systemClock, logger: silentLogger },
      usage: { reserve: async () => 'reserved', settle: async () => undefined },
      bounds: { ...modelBounds, headersMsMax: 1_500, silenceMsMax: 1_500 },
    });
    const messages = [{ role: 'user', text: 'How is SOL?' }] as const;
    const ask = { task: 'chat', system: 'You are MIKEY.', wallet: 'A'.repeat(44), tools: [price], messages } as const;
    const lines: unknown[] = [];
    try {
      for await (const event of models.stream(ask)) lines.push(event);
    } catch (error) {
      lines.push({ type: 'failure', reason: error instanceof ModelFailure ? error.reason : String(error) });
    }
    const text = JSON.stringify(lines, (_key, value) => (typeof value === 'bigint' ? String(value) : value));
    return new Response(text, { headers: { 'content-type': 'application/json' } });
  },
};
