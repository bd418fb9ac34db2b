import { describe, expect, it } from 'vitest';
import { createLogger } from './logger.ts';

const collect = (level?: 'debug' | 'warn') => {
  const lines: Record<string, unknown>[] = [];
  const logger = createLogger({
    ...(level === undefined ? {} : { level }),
    write: (_level, line) => lines.push(JSON.parse(line)),
  });
  return { logger, lines };
};

describe('logger', () => {
  it('writes one JSON object per line with the request id of its parent', () => {
    const { logger, lines } = collect();
    logger.child({ request_id: 'r1' }).info('order placed', { quantity: 250_000_000n });
    expect(lines).toEqual([
      expect.objectContaining({ level: 'info', message: 'order placed', request_id: 'r1', quantity: '250000000' }),
    ]);
  });

  it('drops lines below its level', () => {
    const { logger, lines } = collect('warn');
    logger.info('quiet');
    logger.error('loud');
    expect(lines.map((line) => line.message)).toEqual(['loud']);
  });

  it('keeps an error readable and a flood short', () => {
    const { logger, lines } = collect();
    logger.error('failed', { error: new TypeError('bad'), body: 'x'.repeat(100_000) });
    expect(lines[0]?.error).toMatchObject({ name: 'TypeError', message: 'bad' });
    expect(String(lines[0]?.body).length).toBeLessThan(3_000);
  });
});
