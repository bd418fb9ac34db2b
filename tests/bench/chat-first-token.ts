/**
 * How long a chat's first token takes: from a language model's server that answers at once, asked as it is; through the router in this process;
 * and through the exchange's worker, with sign-in, database and budget. In turn, one after the other, on one machine.
 *
 *   npx node tests/bench/chat-first-token.ts --questions 60
 */
import { parseArgs } from 'node:util';
import { quote, QUOTE_SCALE } from '#shared/money/units.ts';
import { openFundedAccount } from '../../examples/funded-account.ts';
import { modelOf, modelsOf, request } from '../analyst/model-world.ts';
import { startLlmServer } from '../support/llm/llm-server.ts';
import { startWorker } from '../support/running-worker.ts';
import { summary } from './summary.ts';

const { values: flags } = parseArgs({ options: { questions: { type: 'string', default: '60' } } });
const questions = Number(flags.questions);
/** Questions that are not counted: connections and the compiler warm up. */
const warmUps = 5;
/** A trader may ask 30 questions a minute. */
const questionsPerTrader = 25;

const llm = await startLlmServer('openai', '/v1');
llm.behave({ kind: 'answer', text: ['The price ', 'of SOL ', 'is rising.'] });
const model = modelOf('openai', llm.baseUrl);
const exchange = await startWorker({ AI_MODELS: JSON.stringify([model]), AI_KEYS: 'test:sk-bench-0123456789' });
const router = modelsOf({ models: [model] });

/** Reads an answer to its end; when its first token had come, in milliseconds. */
async function firstTokenOf(url: string, body: unknown, sign: RegExp, token = 'none'): Promise<number> {
  const startedAt = performance.now();
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });
  let [text, firstAt] = ['', Number.NaN];
  const decoder = new TextDecoder();
  for await (const piece of answer.body ?? []) {
    text += decoder.decode(piece, { stream: true });
    if (Number.isNaN(firstAt) && sign.test(text)) firstAt = performance.now() - startedAt;
  }
  if (Number.isNaN(firstAt)) throw new Error(`${url} answered ${answer.status}: ${text}`);
  return firstAt;
}

async function firstTokenOfRouter(): Promise<number> {
  const startedAt = performance.now();
  let firstAt = Number.NaN;
  for await (const event of router.stream(request()))
    if (event.type === 'token' && Number.isNaN(firstAt)) firstAt = performance.now() - startedAt;
  return firstAt;
}

const asked = { model: 'm', stream: true, messages: [{ role: 'user', content: 'How is SOL?' }] };
const [bare, routed, whole]: [number[], number[], number[]] = [[], [], []];
let token = '';
for (let i = 0; i < warmUps + questions; i++) {
  if (i % questionsPerTrader === 0) ({ token } = await openFundedAccount(exchange.url, quote(100n * QUOTE_SCALE)));
  const round = [
    await firstTokenOf(`${llm.baseUrl}/chat/completions`, asked, /"content":"The price/),
    await firstTokenOfRouter(),
    await firstTokenOf(`${exchange.url}/api/ai/chat`, { message: 'How is SOL?' }, /event: token/, token),
  ] as const;
  if (i < warmUps) continue;
  bare.push(round[0]);
  routed.push(round[1]);
  whole.push(round[2]);
}
console.log(`${questions} questions each, until the first token`);
console.log(summary('the bare server', bare));
console.log(summary('the router', routed));
console.log(summary('POST /api/ai/chat', whole));
await exchange.close();
await llm.close();
process.exit(0);
