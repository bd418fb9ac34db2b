import type * as z from 'zod';

/** What this browser keeps between visits; undefined where nothing is kept, it cannot be read, or it is not what was asked for. */
export function readRemembered<T>(key: string, schema: z.ZodType<T>): T | undefined {
  try {
    return schema.safeParse(JSON.parse(localStorage.getItem(key) ?? '')).data;
  } catch {
    return undefined;
  }
}

/** Keeps a value for the next visit. Blocked or full storage costs only the memory. */
export function remember(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // The value lasts as long as the page.
  }
}
