import { errorResponseSchema } from '#shared/protocol/errors.ts';
import type { HttpAnswer } from '#support/http-caller.ts';
import type { Case } from './cases.ts';
import type { DescribedOperation } from './operations.ts';

/** What only an inner message would say. */
const inner =
  /127\.0\.0\.1|ECONN|postgres|drizzle|sqlite|fetch failed|\bat \S+ \(|\.ts:\d|\.js:\d|TypeError|SyntaxError|ZodError|Invalid input|Cannot read|undefined is not|select .* from/i;
/** Prices can be late on a busy machine, and say so: the one reason of a 503 that is not a fault. */
const isLatePrice = (code: string): boolean => code.startsWith('ORACLE_');
/** Refused before anybody looks for an operation. */
const beforeRouting = new Set(['VALIDATION_003', 'VALIDATION_007']);
/** No operation: answered before one is chosen. */
const unchosen = new Set(['SYSTEM_003', 'SYSTEM_005']);

/** Everything about an answer that its description does not say, or that nobody may be told. */
export function complaintsAbout(
  sent: Case,
  answer: HttpAnswer,
  operations: ReadonlyMap<string, DescribedOperation>,
): string[] {
  const { status, headers, text } = answer;
  const contentType = String(headers['content-type'] ?? '').split(';')[0];
  const complaints: string[] = [];
  if (headers['x-content-type-options'] !== 'nosniff') complaints.push('no security headers');
  if (headers['x-request-id'] === undefined) complaints.push('no X-Request-Id');
  const operation = operations.get(`${sent.method} ${sent.operation.split(' ')[1] ?? ''}`);
  if (sent.method === 'OPTIONS' || sent.method === 'HEAD') return [...complaints, ...fault(status)];
  const body = parsed(text);
  const code =
    status >= 400 && !isReadiness(operation, status) ? codeOf(body, complaints, headers['x-request-id']) : null;
  if (!(code !== null && isLatePrice(code)) && !isReadiness(operation, status)) complaints.push(...fault(status));
  if (text.length > 0 && contentType !== 'application/json' && operation?.answers.get(status)?.schema !== null)
    complaints.push(`content type ${contentType}`);
  if (code !== null && inner.test(text)) complaints.push('an inner message');
  if (operation === undefined) {
    const isRight = status === 405 || (code !== null && beforeRouting.has(code));
    return isRight ? complaints : [...complaints, `${status} to a method not listed`];
  }
  if (code !== null && unchosen.has(code)) return [...complaints, `${code} although it is listed`];
  return [...complaints, ...undescribed(operation, answer, code, body)];
}

const fault = (status: number): string[] => (status >= 500 ? [`status ${status}`] : []);
/** `/ready` says with 503 what is not well, in the body of its success. */
const isReadiness = (operation: DescribedOperation | undefined, status: number): boolean =>
  operation?.path === '/ready' && status === 503;

function undescribed(operation: DescribedOperation, { status, text }: HttpAnswer, code: string | null, body: unknown) {
  const described = operation.answers.get(status);
  if (described === undefined) return [`status ${status} is not described${code === null ? '' : ` (${code})`}`];
  if (code !== null && !described.codes.has(code)) return [`${code} is not described`];
  if (described.contentTypes.length === 0) return text === '' ? [] : ['a body where none is described'];
  if (described.schema === null) return [];
  const checked = described.schema.safeParse(body);
  if (checked.success) return [];
  const [issue] = checked.error.issues;
  return [`${status} does not fit its schema: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`];
}

function codeOf(body: unknown, complaints: string[], requestId: unknown): string | null {
  const error = errorResponseSchema.safeParse(body);
  if (!error.success) {
    complaints.push('an error of another shape');
    return null;
  }
  if (error.data.request_id !== requestId) complaints.push('another request_id in the body');
  return error.data.code;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
