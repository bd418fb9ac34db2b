import * as z from 'zod';
import type { Owner } from '#db/repositories/analyses.ts';
import { encodeJson } from '#shared/money/json.ts';
import { toWire } from '#shared/protocol/wire.ts';
import type { FigureDto } from '#shared/protocol/ai.ts';
import type { ProposalDto } from '#shared/protocol/ai-chat.ts';
import type { Services } from '../../api/context.ts';

/**
 * What a tool reaches while one request runs. The caller comes from his session: no argument of a tool, whoever made it up, names another.
 */
export interface ToolContext {
  readonly services: Services;
  readonly caller: Owner;
  /** Takes a proposed order to be shown. Nothing is placed. */
  readonly propose: (proposal: ProposalDto) => void;
  /** Takes figures that an answer may cite, so that they are shown as the exchange counted them, whatever the answer makes of them. */
  readonly cite: (figures: readonly FigureDto[]) => void;
}

/** Who asks, before it is known where what tools leave behind goes. */
export type ToolCaller = Omit<ToolContext, 'propose' | 'cite'>;

/** Something the assistant may look up. Read-only, and about the caller or about what is public. */
export interface AssistantTool {
  /** `[a-z_]`. */
  readonly name: string;
  /** For a model: when to use it and what it answers. */
  readonly description: string;
  readonly schema: z.ZodType;
  /** Answers plain JSON. The input is checked again here, whoever checked it before. @throws ToolRefusal, or what a part throws. */
  run(input: unknown, context: ToolContext): Promise<unknown>;
}

/** A tool cannot answer what was asked, and may say why. */
export class ToolRefusal extends Error {
  override readonly name = 'ToolRefusal';
}

/** Describes a tool; its handler gets checked input. */
export function defineTool<Schema extends z.ZodObject>(tool: {
  readonly name: string;
  readonly description: string;
  readonly schema: Schema;
  readonly answer: (input: z.output<Schema>, context: ToolContext) => Promise<unknown>;
}): AssistantTool {
  return {
    name: tool.name,
    description: tool.description,
    schema: tool.schema,
    run: async (input, context) => {
      const read = tool.schema.safeParse(input);
      if (!read.success) throw new ToolRefusal(`${tool.name}: ${z.prettifyError(read.error)}`);
      return tool.answer(read.data, context);
    },
  };
}

/** A value as its schema puts it on the wire, as plain JSON. */
export const plainJson = <Schema extends z.ZodType>(schema: Schema, value: z.output<Schema>): unknown =>
  JSON.parse(encodeJson(toWire(schema, value)));
