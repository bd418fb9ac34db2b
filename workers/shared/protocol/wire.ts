import * as z from 'zod';
import { decodeJson, encodeJson } from '#shared/money/json.ts';

/** A value as its schema puts it on the wire: bigint units become exact JSON decimals. Ready for `encodeJson`. @throws ZodError */
export const toWire = <Schema extends z.ZodType>(schema: Schema, value: z.output<Schema>): z.input<Schema> =>
  z.encode(schema, value);

/** JSON text of a value. @throws ZodError when the value does not fit its own schema. */
export const writeJson = <Schema extends z.ZodType>(schema: Schema, value: z.output<Schema>): string =>
  encodeJson(toWire(schema, value));

/** Reads a wire value (from `decodeJson`) into units. @throws ZodError */
export const fromWire = <Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> =>
  schema.parse(value);

/** Reads JSON text without losing a digit. @throws SyntaxError when it is not JSON, ZodError when it does not fit. */
export const readJson = <Schema extends z.ZodType>(schema: Schema, text: string): z.output<Schema> =>
  fromWire(schema, decodeJson(text));
