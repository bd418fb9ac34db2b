import * as z from 'zod';
import { withTimeout } from '../../platform/retry.ts';
import { bytesOf, type ModelBounds } from './bounds.ts';
import type { ModelEvent, ModelTool } from './contract.ts';
import type { ToolCall, Turn } from './conversation.ts';
import type { ToolDefinition } from './provider.ts';

/** Places where input did not fit, as far as a model is told. */
const issuesMax = 10;

/** How a tool is told to a model. @throws TypeError for a schema that is no object: Anthropic takes no other. */
export function definitionOf({ name, description, schema }: Pick<ModelTool, 'name' | 'description' | 'schema'>) {
  const { $schema: _, ...parameters } = z.toJSONSchema(schema, { io: 'input' });
  if (parameters.type !== 'object') throw new TypeError(`the schema of tool ${name} is not of an object`);
  const definition: ToolDefinition = { type: 'function', function: { name, description, parameters } };
  return definition;
}

/** What of a value does not fit, in words a model can act on. */
export const misfitsOf = (error: z.ZodError): readonly { readonly path: string; readonly message: string }[] =>
  error.issues.slice(0, issuesMax).map(({ path, message }) => ({ path: path.join('.'), message }));

/** The object that a model wrote as arguments; null for anything else. */
export function readArguments(text: string): Readonly<Record<string, unknown>> | null {
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

export interface ToolRun {
  readonly tools: readonly ModelTool[];
  readonly bounds: ModelBounds;
  readonly signal: AbortSignal;
  readonly emit: (event: ModelEvent) => void;
}

/** Runs what a model asked for, one after the other, and answers each of its wishes: with data, or with what was wrong about it. */
export async function runTools(calls: readonly ToolCall[], run: ToolRun): Promise<Turn[]> {
  const turns: Turn[] = [];
  for (const [place, call] of calls.entries()) {
    const isTooMany = place >= run.bounds.toolCallsMax;
    const answer = isTooMany ? refusal(`at most ${run.bounds.toolCallsMax} tools at once`) : await runTool(call, run);
    turns.push({ role: 'tool', id: call.id, name: call.name, content: JSON.stringify(answer) });
  }
  return turns;
}

const refusal = (error: string, more: object = {}): object => ({ error, ...more });

async function runTool(call: ToolCall, { tools, bounds, signal, emit }: ToolRun): Promise<unknown> {
  const tool = tools.find(({ name }) => name === call.name);
  if (tool === undefined) return refusal('there is no such tool');
  if (call.input === null) return refusal('the arguments are not a JSON object');
  const parsed = tool.schema.safeParse(call.input);
  if (!parsed.success) return refusal('the arguments do not fit', { misfits: misfitsOf(parsed.error) });
  emit({ type: 'tool_started', name: tool.name, input: parsed.data });
  const answer = await answerOf(tool, parsed.data, bounds, signal);
  emit({ type: 'tool_ended', name: tool.name, ok: answer.ok });
  return answer.content;
}

async function answerOf(tool: ModelTool, input: unknown, bounds: ModelBounds, signal: AbortSignal) {
  try {
    const data = await withTimeout((limit) => tool.run(input, limit), bounds.toolMsMax, signal);
    const bytes = bytesOf(JSON.stringify(data) ?? 'null');
    if (bytes <= bounds.toolResultBytesMax) return { ok: true, content: data ?? null };
    const limit = `${bytes} bytes, at most ${bounds.toolResultBytesMax}`;
    return { ok: false, content: refusal(`the answer is too large (${limit}): ask for less`) };
  } catch {
    signal.throwIfAborted();
    return { ok: false, content: refusal('the tool failed') };
  }
}
