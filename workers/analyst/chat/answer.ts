import { isMarketSymbol } from '#shared/markets.ts';
import type { FigureDto } from '#shared/protocol/ai.ts';
import type { ChatRequest, ProposalDto, ToolActivityDto } from '#shared/protocol/ai-chat.ts';
import type { MessageRecord } from '../contract.ts';
import type { AssistantTool, ToolCaller, ToolContext } from '../tools/tool.ts';

/** What an answer is made of, in the order in which it is shown. */
export type AnswerPiece =
  | { readonly type: 'token'; readonly text: string }
  | { readonly type: 'tool'; readonly activity: ToolActivityDto }
  | { readonly type: 'proposal'; readonly proposal: ProposalDto }
  /** Another model goes on. */
  | { readonly type: 'model'; readonly model: string };

/** A question with what was said before it. */
export interface ChatQuestion {
  readonly request: ChatRequest;
  /** Oldest first, without the question. */
  readonly history: readonly MessageRecord[];
}

/** An answer that has begun: who gives it, and its pieces. */
export interface BegunAnswer {
  /** `quantitative`, or `provider/model`. */
  readonly model: string;
  readonly pieces: AsyncGenerator<AnswerPiece, void>;
}

/** What a tool came to: its answer, or why there is none. */
export type ToolOutcome =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: unknown };

/** Runs a tool and shows that it runs, and what it proposed. */
export async function* used(
  tool: AssistantTool,
  input: unknown,
  caller: ToolCaller,
): AsyncGenerator<AnswerPiece, ToolOutcome> {
  const proposals: ProposalDto[] = [];
  const figures: FigureDto[] = [];
  const context: ToolContext = {
    ...caller,
    propose: (proposal) => proposals.push(proposal),
    cite: (found) => figures.push(...found),
  };
  yield { type: 'tool', activity: activityOf(tool.name, 'started', input) };
  let outcome: ToolOutcome;
  try {
    outcome = { ok: true, value: await tool.run(input, context) };
  } catch (error) {
    outcome = { ok: false, error };
  }
  yield { type: 'tool', activity: activityOf(tool.name, outcome.ok ? 'done' : 'failed', input, figures) };
  for (const proposal of proposals) yield { type: 'proposal', proposal };
  return outcome;
}

/** What is shown of a tool's run: its name and market, nothing else of its input; of what it found the figures that may be cited. */
export function activityOf(
  name: string,
  state: ToolActivityDto['state'],
  input: unknown,
  found: readonly FigureDto[] = [],
): ToolActivityDto {
  const symbol = typeof input === 'object' && input !== null && 'symbol' in input ? input.symbol : null;
  const figures = found.map(({ id, label, value, unit }) => ({ id, label, value, unit }));
  return { name, state, symbol: typeof symbol === 'string' && isMarketSymbol(symbol) ? symbol : null, figures };
}
