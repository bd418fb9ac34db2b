import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { createDatabase } from '#db/client.ts';
import { createDeadLetterRepository } from '#db/repositories/dead-letters.ts';
import type { RiskMessage } from '../../../workers/risk/message.ts';

/** Keeps a message of the risk queue as one that failed every attempt, in the exchange's own database. Answers the letter's id. */
export async function storeDeadLetter(stateDir: string): Promise<string> {
  const settings = parseEnv(readFileSync(join(stateDir, 'worker.env'), 'utf8'));
  const letters = createDeadLetterRepository(
    createDatabase({
      databaseUrl: settings['DATABASE_URL'] ?? '',
      httpEndpoint: settings['DATABASE_HTTP_ENDPOINT'],
    }),
  );
  const messageId = randomUUID();
  const body: RiskMessage = {
    kind: 'liquidation',
    symbol: 'SOL-PERP',
    owner: '7UVimffxr9ow1uXYxsr4LHAcV58mLzhmwaeKvJ1pjLiE',
    commandSeq: '1',
    price: '15000000000',
    publishTime: 1_795_381_915,
    requestId: messageId,
  };
  const letter = { queue: 'risk-checks', messageId, body, error: 'CHAIN_001', attempts: 6, createdAtMs: Date.now() };
  await letters.store(letter);
  const { rows } = await letters.list({ status: 'stored' });
  const stored = rows.find((row) => row.messageId === messageId);
  if (stored === undefined) throw new Error('the letter was not kept');
  return stored.id;
}
