import { decodeJson } from '#shared/money/json.ts';
import { refused } from './errors.ts';

/**
 * Reads a JSON body without losing a digit. An absent body is an empty object: the schema says what is missing.
 *
 * @throws RefusedError VALIDATION_002 (not JSON), VALIDATION_006 (another content type).
 */
export async function readBody(request: Request): Promise<unknown> {
  const text = await request.text();
  if (text === '') return {};
  const contentType = request.headers.get('content-type') ?? '';
  if (!/^application\/(?:[\w.+-]+\+)?json\b/i.test(contentType)) {
    throw refused('VALIDATION_006', 'Send JSON with the header Content-Type: application/json.');
  }
  try {
    return decodeJson(text);
  } catch {
    throw refused('VALIDATION_002', 'The body is not valid JSON. Check quotes, commas and brackets.');
  }
}

/** SHA-256 over what a request asks for, whatever the order of its keys or the spelling of its numbers; hex. */
export async function bodyHash(method: string, path: string, value: unknown): Promise<string> {
  const text = `${method} ${path}\n${canonicalText(value)}`;
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function canonicalText(value: unknown): string {
  return JSON.stringify(value ?? null, (_key, item: unknown) => {
    if (typeof item === 'bigint') return `${item}n`;
    if (typeof item !== 'object' || item === null || Array.isArray(item)) return item;
    return Object.fromEntries(Object.entries(item).sort(([left], [right]) => (left < right ? -1 : 1)));
  });
}
