import type { Hono } from 'hono';
import type { ApiContext, ApiEnv } from '../context.ts';
import { openApiDocument } from '../openapi.ts';
import type { Operation } from '../operation.ts';
import { referencePage } from './page/page.ts';
import { referenceScript } from './script.ts';
import { referenceCss } from './stylesheet.ts';

/** The page runs its own script and style, and nothing else. */
const pagePolicy =
  "default-src 'none'; style-src 'self'; script-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const shortCache = 'public, max-age=300';
/** The address of a file carries its hash. */
const longCache = 'public, max-age=31536000, immutable';
/** Enough to tell versions apart. */
const tagBytes = 12;

interface File {
  readonly body: string;
  readonly tag: string;
}

async function fileOf(body: string): Promise<File> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(body));
  const bytes = new Uint8Array(digest).subarray(0, tagBytes);
  return { body, tag: Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('') };
}

/** Everything that describes the API, built with the first request of an isolate that asks for it. */
async function buildFiles(operations: readonly Operation[]) {
  const document = openApiDocument(operations);
  const [description, css, script] = await Promise.all(
    [JSON.stringify(document), referenceCss, referenceScript].map(fileOf),
  );
  if (description === undefined || css === undefined || script === undefined) throw new Error('three files');
  const page = await fileOf(
    referencePage(operations, document, {
      css: `/docs/reference.css?v=${css.tag}`,
      script: `/docs/reference.js?v=${script.tag}`,
    }),
  );
  return { description, css, script, page };
}

/** Puts `/docs` and `/openapi.json` on the router. */
export function registerDocs(app: Hono<ApiEnv>, operations: readonly Operation[]): void {
  let built: ReturnType<typeof buildFiles> | null = null;
  const files = () => (built ??= buildFiles(operations));
  app.get('/openapi.json', async (context) =>
    send(context, (await files()).description, 'application/json', shortCache),
  );
  app.get('/docs', async (context) => {
    context.header('Content-Security-Policy', pagePolicy);
    return send(context, (await files()).page, 'text/html; charset=utf-8', shortCache);
  });
  app.get('/docs/reference.css', async (context) =>
    send(context, (await files()).css, 'text/css; charset=utf-8', longCache),
  );
  app.get('/docs/reference.js', async (context) =>
    send(context, (await files()).script, 'text/javascript; charset=utf-8', longCache),
  );
}

function send(context: ApiContext, { body, tag }: File, contentType: string, cacheControl: string): Response {
  const etag = `"${tag}"`;
  context.header('ETag', etag);
  context.header('Cache-Control', cacheControl);
  const known = (context.req.header('if-none-match') ?? '').split(/\s*,\s*/).map((value) => value.replace(/^W\//, ''));
  if (known.includes(etag) || known.includes('*')) return context.body(null, 304);
  context.header('Content-Type', contentType);
  return context.body(body);
}
