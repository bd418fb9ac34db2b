import type { FigureDto } from '#shared/protocol/ai.ts';
import type { ProposalDto } from '#shared/protocol/ai-chat.ts';
import { RefusedError } from '../../api/errors.ts';
import { chatTools, modelToolsOf } from '../agents/agent-tools.ts';
import { isAnsweredOtherwise, refusalOfModel } from '../agents/failures.ts';
import { chatInstructions } from '../agents/instructions.ts';
import { LinkFilter, visibleText } from '../agents/plain-text.ts';
import { type ModelEvent, ModelFailure, type ModelMessage, type Models } from '../models/contract.ts';
import { modelName } from '../contract.ts';
import type { ToolCaller, ToolContext } from '../tools/tool.ts';
import { activityOf, type AnswerPiece, type BegunAnswer, type ChatQuestion } from './answer.ts';

/** Of what was said before, the newest so many messages and characters go along. */
const historyMessagesMax = 20;
const historyLengthMax = 24_000;

/**
 * Asks a model, and waits until one begins to answer. Null where none does and nothing was shown: the quantitative analyst answers then.
 *
 * @throws RefusedError AI_001, AI_002, AI_003, AI_008.
 */
export async function askModel(
  models: Models,
  { request, history }: ChatQuestion,
  caller: ToolCaller,
  signal: AbortSignal,
): Promise<BegunAnswer | null> {
  if (!models.available('chat')) return null;
  const left: LeftByTools = { proposals: [], figures: [] };
  const context: ToolContext = {
    ...caller,
    propose: (proposal) => left.proposals.push(proposal),
    cite: (figures) => left.figures.push(...figures),
  };
  const events = models.stream({
    task: 'chat',
    system: chatInstructions,
    messages: messagesOf({ request, history }),
    tools: modelToolsOf(chatTools, context),
    wallet: caller.caller.wallet,
    signal,
  });
  const first = await nextOf(events);
  if (first === null) return null;
  const model = first.type === 'model' ? modelName(first) : '';
  return { model, pieces: piecesOf(first, events, left) };
}

/** What tools have left behind and was not shown yet. They run one after the other. */
interface LeftByTools {
  readonly proposals: ProposalDto[];
  readonly figures: FigureDto[];
}

/** The first event; null where the quantitative analyst takes over. @throws RefusedError */
async function nextOf(events: AsyncGenerator<ModelEvent, void>): Promise<ModelEvent | null> {
  try {
    const next = await events.next();
    return next.done === true ? null : next.value;
  } catch (error) {
    if (error instanceof ModelFailure && isAnsweredOtherwise(error)) return null;
    throw told(error);
  }
}

const told = (error: unknown): unknown =>
  error instanceof ModelFailure ? new RefusedError(refusalOfModel(error), { cause: error }) : error;

async function* piecesOf(
  first: ModelEvent,
  rest: AsyncGenerator<ModelEvent, void>,
  left: LeftByTools,
): AsyncGenerator<AnswerPiece, void> {
  const filter = new LinkFilter();
  const inputs = new Map<string, unknown>();
  const spoken = (text: string): AnswerPiece[] => (text === '' ? [] : [{ type: 'token', text }]);
  try {
    for (let event: ModelEvent | null = first; event !== null; event = await following(rest)) {
      if (event.type === 'token') yield* spoken(filter.push(event.text));
      else if (event.type === 'tool_started') {
        inputs.set(event.name, event.input);
        yield { type: 'tool', activity: activityOf(event.name, 'started', event.input) };
      } else if (event.type === 'tool_ended') {
        const [state, input] = [event.ok ? 'done' : 'failed', inputs.get(event.name)] as const;
        yield { type: 'tool', activity: activityOf(event.name, state, input, left.figures.splice(0)) };
        for (const proposal of left.proposals.splice(0)) yield { type: 'proposal', proposal };
      } else if (event.type === 'model' && event !== first) yield { type: 'model', model: modelName(event) };
    }
    yield* spoken(filter.end());
  } finally {
    await rest.return();
  }
}

/** @throws RefusedError */
async function following(events: AsyncGenerator<ModelEvent, void>): Promise<ModelEvent | null> {
  try {
    const next = await events.next();
    return next.done === true ? null : next.value;
  } catch (error) {
    throw told(error);
  }
}

/** The question behind the newest of what was said, each message as text and nothing else. What broke off stays out. */
function messagesOf({ request, history }: ChatQuestion): ModelMessage[] {
  const { message, screen, symbol } = request;
  const where = `(asked on the screen "${screen}"${symbol === undefined ? '' : `, with ${symbol} shown`})`;
  const before: ModelMessage[] = [];
  let length = 0;
  for (const { role, text, isComplete } of history.slice(-historyMessagesMax).toReversed()) {
    length += text.length;
    if (length > historyLengthMax) break;
    if (text !== '' && isComplete) before.unshift({ role, text: visibleText(text) });
  }
  return [...paired(before), { role: 'user', text: `${visibleText(message)}\n\n${where}` }];
}

/** Turn by turn, beginning with the user's, as providers ask: of two questions in a row the first, unanswered one is left out. */
function paired(messages: readonly ModelMessage[]): ModelMessage[] {
  return messages.flatMap((message, index) => {
    const next = messages[index + 1];
    const isPair = message.role === 'user' && next?.role === 'assistant';
    return isPair ? [message, next] : [];
  });
}
