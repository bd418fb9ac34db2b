/**
 * What no log line may carry, wherever it comes from (a foreign error message, a careless field). A second fence: what is logged is chosen
 * by those who log, and holds none of it.
 */
const secretKeys =
  /^(authorization|cookie|set-cookie|email|e_mail|password|secret|token|(access|refresh|step_up)_?token|api_?key|ip|ip_address)$/i;

const patterns: readonly (readonly [hint: string, pattern: RegExp, replacement: string])[] = [
  // Signed tokens: three parts of base64url, the first a JSON object.
  ['eyJ', /\beyJ[\w-]{8,}\.[\w-]+\.[\w-]+/g, '[token]'],
  ['earer ', /\bBearer +\S+/gi, 'Bearer [token]'],
  ['@', /(:\/\/)[^\s/@:]*:[^\s/@]*@/g, '$1[credentials]@'],
  ['@', /[\w.+-]+@[\w-]+(\.[\w-]+)*\.[a-z]{2,}\b/gi, '[email]'],
  // Keys that providers want in an address.
  ['=', /([?&](?:api[-_]?key|key|token)=)[^&\s"']+/gi, '$1[key]'],
  ['sk-', /\bsk-[\w-]{12,}/g, '[key]'],
];

const removed = '[removed]';

/** Whether a field's name alone says that its value is not for a log. */
export const isSecretKey = (key: string): boolean => secretKeys.test(key);

/** A field's value without what belongs to a person or opens something. */
export function redact(key: string, text: string): string {
  if (isSecretKey(key)) return removed;
  let clean = text;
  for (const [hint, pattern, replacement] of patterns)
    if (clean.includes(hint)) clean = clean.replace(pattern, replacement);
  return clean;
}
