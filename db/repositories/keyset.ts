import { sql } from 'drizzle-orm';
import type { Column, SQL } from 'drizzle-orm';
import { InvalidCursor } from './page.ts';
import type { Place } from './page.ts';

/** The last millisecond that is written with a year of four digits, as the database reads it. */
const momentMsMax = 253_402_300_799_999n;

/** The moment of a place. @throws InvalidCursor. */
export function momentOf({ order }: Place): Date {
  if (order > momentMsMax) throw new InvalidCursor('the cursor belongs to another list');
  return new Date(Number(order));
}

/** Rows after a place of a list ordered by (time, id), newest first. Undefined at its beginning. @throws InvalidCursor. */
export function afterTime(time: Column, id: Column, place: Place | null): SQL | undefined {
  if (place === null) return undefined;
  if (place.id === null) throw new InvalidCursor('the cursor belongs to another list');
  return sql`(${time}, ${id}) < (${momentOf(place).toISOString()}::timestamptz, ${place.id}::uuid)`;
}

/** Rows after a place of a list ordered by a stream's numbers, newest first. Undefined at its beginning. */
export function afterSeq(seq: Column, place: Place | null): SQL | undefined {
  return place === null ? undefined : sql`${seq} < ${place.order.toString()}::bigint`;
}
