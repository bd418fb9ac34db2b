import type { ZodType } from 'zod';
import type { Answer } from './answer-reader.ts';
import { ask, type AskParts, type Line, tooLong } from './ask.ts';
import type { Candidate } from './candidates.ts';
import { ModelFailure, type ModelEvent, type ModelIdentity, type ModelRequest } from './contract.ts';
import { newCallId, type ToolCall, type Turn, turnsOf } from './conversation.ts';
import type { ToolDefinition } from './provider.ts';
import { definitionOf, misfitsOf, readArguments, runTools } from './tools.ts';

/** The tool a model gives a structured answer with. */
export const answerToolName = 'answer';
const answerInstruction = `Give your final answer by calling the tool \`${answerToolName}\`, once, with every field it asks for.`;
/** How often a model may correct an answer of the wrong form. */
const repairsMax = 1;

export interface RoundsParts extends AskParts {
  readonly emit: (event: ModelEvent) => void;
  readonly signal: AbortSignal;
}

export interface FinalAnswer<T> {
  readonly value: T;
  readonly model: ModelIdentity;
}

/** What a round makes of an answer: it is the last one, or the conversation goes on. */
type Verdict<T> = { readonly value: T } | { readonly turns: readonly Turn[]; readonly isRepair: boolean };
type RunCalls = (calls: readonly ToolCall[]) => Promise<Turn[]>;

/** What a conversation is for. */
interface Purpose<T> {
  readonly system: string;
  readonly tools: readonly ToolDefinition[];
  /** Text goes to the caller as it comes. */
  readonly isShown: boolean;
  judge(answer: Answer, calls: readonly ToolCall[], runCalls: RunCalls): Promise<Verdict<T>>;
}

/** Text: everything a model wrote. @throws ModelFailure */
export function converse(request: ModelRequest, line: Line, parts: RoundsParts): Promise<FinalAnswer<string>> {
  const { system, tools = [] } = request;
  return runRounds<string>(request, line, parts, {
    ...{ system, tools: tools.map(definitionOf), isShown: true },
    async judge({ text }, calls, runCalls) {
      return calls.length === 0 ? { value: text } : { turns: await runCalls(calls), isRepair: false };
    },
  });
}

/** A value of the form `schema`. @throws ModelFailure */
export function answerOf<T>(
  request: ModelRequest & { readonly schema: ZodType<T> },
  line: Line,
  parts: RoundsParts,
): Promise<FinalAnswer<T>> {
  const { schema, tools = [] } = request;
  const description = 'Gives the final answer. Nothing can be asked after it.';
  const final = { name: answerToolName, description, schema };
  return runRounds<T>(request, line, parts, {
    system: `${request.system}\n\n${answerInstruction}`,
    ...{ tools: [...tools, final].map(definitionOf), isShown: false },
    async judge({ text }, calls, runCalls) {
      const given = calls.find(({ name }) => name === answerToolName);
      if (given === undefined && calls.length > 0) return { turns: await runCalls(calls), isRepair: false };
      // Models that know no tools write it down.
      const parsed = schema.safeParse(given === undefined ? readArguments(withoutFence(text)) : given.input);
      if (parsed.success) return { value: parsed.data };
      const error = JSON.stringify({ error: 'the answer does not fit', misfits: misfitsOf(parsed.error) });
      const turns: Turn[] = calls.map(({ id, name }) => ({ role: 'tool', id, name, content: error }));
      if (given === undefined) turns.push({ role: 'user', text: `${error}\n${answerInstruction}` });
      return { turns, isRepair: true };
    },
  });
}

const fence = '```';

/** A model's JSON out of three backticks. */
function withoutFence(text: string): string {
  const trimmed = text.trim();
  if (!trimmed.startsWith(fence) || !trimmed.endsWith(fence)) return text;
  return trimmed.slice(fence.length, -fence.length).replace(/^json\b/, '');
}

/** Round by round: the model answers, its tools run, and it goes on; bounded in rounds of tools and in repairs. */
async function runRounds<T>(
  request: ModelRequest,
  line: Line,
  { emit, signal, ...parts }: RoundsParts,
  purpose: Purpose<T>,
): Promise<FinalAnswer<T>> {
  const { bounds } = parts;
  const { task, wallet, tools = [] } = request;
  const { system, tools: definitions, judge } = purpose;
  const turns = turnsOf(request.messages);
  const announce = announcer(emit);
  let [rounds, repairs, callCount] = [0, 0, 0];
  const runCalls: RunCalls = (calls) => {
    if ((rounds += 1) > bounds.toolRoundsMax)
      throw new ModelFailure('tool_rounds', 'The language model came to no answer.');
    return runTools(calls, { tools, bounds, signal, emit });
  };
  const show = (text: string): void => {
    announce(line.first);
    emit({ type: 'token', text });
  };
  const onText = purpose.isShown ? show : null;
  for (;;) {
    const { answer, candidate } = await ask(
      { task, wallet, system, turns, tools: definitions, signal, onText },
      line,
      parts,
    );
    announce(candidate);
    refuseUnfinished(answer);
    const calls = answer.toolCalls.map(({ name, args }) => ({
      ...{ id: newCallId((callCount += 1)), name, input: readArguments(args) },
    }));
    const verdict = await judge(answer, calls, runCalls);
    if ('value' in verdict) return { value: verdict.value, model: candidate.identity };
    if (verdict.isRepair && (repairs += 1) > repairsMax)
      throw new ModelFailure('invalid', 'The language model gave no answer of the asked form.');
    const { text, thinking } = answer;
    turns.push({ role: 'assistant', text, toolCalls: calls, thinking, by: candidate.place }, ...verdict.turns);
  }
}

/** Tells each model once, when it begins to answer. */
function announcer(emit: (event: ModelEvent) => void) {
  let told: Candidate | undefined;
  return (candidate: Candidate | undefined): void => {
    if (candidate === undefined || candidate === told) return;
    told = candidate;
    emit({ type: 'model', ...candidate.identity });
  };
}

/** @throws ModelFailure where the model declined, or ran into its bound of tokens */
function refuseUnfinished({ end }: Answer): void {
  if (end === 'refusal') throw new ModelFailure('refused', 'The language model declines to answer this.');
  if (end === 'length') throw tooLong();
}
