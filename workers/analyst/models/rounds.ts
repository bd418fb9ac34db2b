import type { ZodType } from 'zod';
import type { Answer } from './answer-reader.ts';
import { ask, type AskParts, type Asked, type Line, tooLong } from './ask.ts';
import { type Candidate } from './candidates.ts';
import { ModelFailure, type ModelEvent, type ModelIdentity, type ModelRequest } from './contract.ts';
import { newCallId, type ToolCall, type Turn, turnOf } from './conversation.ts';
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

/** Text: everything a model wrote. @throws ModelFailure */
export const converse = (request: ModelRequest, line: Line, parts: RoundsParts): Promise<FinalAnswer<string>> =>
  runRounds(request, line, parts, async ({ answer }, calls, runCalls) => {
    if (calls.length === 0) return { value: answer.text };
    return { turns: await runCalls(calls), isRepair: false };
  });

/** A value of the form `schema`. @throws ModelFailure */
export function answerOf<T>(
  request: ModelRequest & { readonly schema: ZodType<T> },
  line: Line,
  parts: RoundsParts,
): Promise<FinalAnswer<T>> {
  const { schema } = request;
  const description = 'Gives the final answer. Nothing can be asked after it.';
  const final = { name: answerToolName, description, schema };
  const system = `${request.system}\n\n${answerInstruction}`;
  const definitions = [...(request.tools ?? []), final].map(definitionOf);
  return runRounds(
    { ...request, system },
    line,
    parts,
    async ({ answer }, calls, runCalls) => {
      const given = calls.find(({ name }) => name === answerToolName);
      if (given === undefined && calls.length > 0) return { turns: await runCalls(calls), isRepair: false };
      // Models that know no tools write it down.
      const written = given === undefined ? readArguments(withoutFence(answer.text)) : given.input;
      const parsed = schema.safeParse(written);
      if (parsed.success) return { value: parsed.data };
      const error = JSON.stringify({ error: 'the answer does not fit', misfits: misfitsOf(parsed.error) });
      if (given === undefined)
        return { turns: [{ role: 'user', text: `${error}\n${answerInstruction}` }], isRepair: true };
      const turns = calls.map(({ id, name }): Turn => ({ role: 'tool', id, name, content: error }));
      return { turns, isRepair: true };
    },
    definitions,
  );
}

/** A model's JSON between three backticks. */
const withoutFence = (text: string): string => /^\s*```(?:json)?\s*([\s\S]*?)\s*```\s*$/.exec(text)?.[1] ?? text;

type RunCalls = (calls: readonly ToolCall[]) => Promise<Turn[]>;

/** Round by round: the model answers, its tools run, and it goes on; bounded in rounds of tools and in repairs. */
async function runRounds<T>(
  request: ModelRequest,
  line: Line,
  parts: RoundsParts,
  judge: (asked: Asked, calls: readonly ToolCall[], runCalls: RunCalls) => Promise<Verdict<T>>,
  definitions = (request.tools ?? []).map(definitionOf),
): Promise<FinalAnswer<T>> {
  const { bounds, emit, signal } = parts;
  const { task, wallet, system, tools = [] } = request;
  const turns = request.messages.map(turnOf);
  const runCalls: RunCalls = (calls) => runTools(calls, { tools, bounds, signal, emit });
  const announce = announcer(emit);
  let [rounds, repairs, callCount] = [0, 0, 0];
  for (;;) {
    const onText = (text: string): void => {
      announce(line.first);
      emit({ type: 'token', text });
    };
    const asked = await ask({ task, wallet, system, turns, tools: definitions, signal, onText }, line, parts);
    announce(asked.candidate);
    refuseUnfinished(asked.answer);
    const calls = asked.answer.toolCalls.map(({ name, args }) => ({
      ...{ id: newCallId((callCount += 1)), name, input: readArguments(args) },
    }));
    const verdict = await judge(asked, calls, runCalls);
    if ('value' in verdict) return { value: verdict.value, model: asked.candidate.identity };
    if (verdict.isRepair) repairs += 1;
    else rounds += 1;
    if (repairs > repairsMax) throw new ModelFailure('invalid', 'The language model gave no answer of the asked form.');
    if (rounds > bounds.toolRoundsMax) throw new ModelFailure('tool_rounds', 'The language model came to no answer.');
    const { text, thinking } = asked.answer;
    turns.push({ role: 'assistant', text, toolCalls: calls, thinking, by: asked.candidate.place }, ...verdict.turns);
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
