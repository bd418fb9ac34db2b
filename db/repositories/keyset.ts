import { sql } from 'drizzle-orm';
import type { Column, SQL } from 'drizzle-orm';
import { InvalidCursor } from './page.ts';
import type { Place } from './page.ts';

/** Rows after a place of a list ordered by (time, id), newest first. Undefined at its beginning. @throws InvalidCursor. */
export function afterTime(time: Column, id: Column, place: Place | null): SQL | undefined {
  if (place === null) return undefined;
  const at = new Date(Number(place.order));
  if (place.id === null || Number.isNaN(at.getTime())) throw new InvalidCursor('the cursor belongs to another list');
  return sql`(${time}, ${id}) < (${at.toISOString()}::timestamptz, ${place.id}::uuid)`;
}

/** Rows after a place of a list ordered by a stream's numbers, newest first. Undefined at its beginning. */
export function afterSeq(seq: Column, place: Place | null): SQL | undefined {
  return place === null ? undefined : sql`${seq} < ${place.order.toString()}::bigint`;
}
