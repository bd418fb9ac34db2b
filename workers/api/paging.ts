import type { ApiContext } from './context.ts';

/** Tells where the next page begins; the last page has no such header. */
export function sendCursor(context: ApiContext, cursor: string | null): void {
  if (cursor !== null) context.header('X-Next-Cursor', cursor);
}
