import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a deployment handed in. */
export interface ReceivedDeployment {
  /** Path of each file → its hash. */
  readonly manifest: Readonly<Record<string, string>>;
  /** Files that steer the service and are no pages: `_headers` and the like, and code. */
  readonly steering: Readonly<Record<string, string>>;
}

export interface PagesApi {
  /** For `CLOUDFLARE_API_BASE_URL`. */
  readonly url: string;
  /** Hash → text of the file. */
  readonly uploaded: ReadonlyMap<string, string>;
  readonly deployments: readonly ReceivedDeployment[];
  close(): void;
}

interface UploadedFile {
  readonly key: string;
  readonly value: string;
}

/** The part of Cloudflare's API that `wrangler pages deploy` speaks to, for one project that exists. It keeps what it is given. */
export async function startPagesApi(account: string, project: string): Promise<PagesApi> {
  const uploaded = new Map<string, string>();
  const deployments: ReceivedDeployment[] = [];
  const projectPath = `/accounts/${account}/pages/projects/${project}`;
  const deployed = { id: 'd1', url: `https://d1.${project}.pages.dev`, project_name: project, aliases: [] };
  const routes: Record<string, (request: Request) => unknown> = {
    [`GET ${projectPath}`]: () => ({
      name: project,
      production_branch: 'main',
      source: null,
      deployment_configs: { production: {}, preview: {} },
    }),
    [`GET ${projectPath}/upload-token`]: () => ({ jwt: unsignedToken({ exp: 4_000_000_000 }) }),
    'POST /pages/assets/check-missing': async (request) =>
      ((await request.json()) as { hashes: string[] }).hashes.filter((hash) => !uploaded.has(hash)),
    'POST /pages/assets/upload': async (request) => {
      for (const { key, value } of (await request.json()) as UploadedFile[])
        uploaded.set(key, Buffer.from(value, 'base64').toString());
      return { successful_key_count: uploaded.size };
    },
    'POST /pages/assets/upsert-hashes': () => ({}),
    [`POST ${projectPath}/deployments`]: async (request) => {
      deployments.push(await readDeployment(await request.formData()));
      return deployed;
    },
    [`GET ${projectPath}/deployments/d1`]: () => ({ ...deployed, latest_stage: { name: 'deploy', status: 'success' } }),
  };
  const server = createServer((incoming, answer) => void handle(incoming, answer, routes));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, uploaded, deployments, close: () => void server.close() };
}

async function handle(
  incoming: IncomingMessage,
  answer: ServerResponse,
  routes: Readonly<Record<string, (request: Request) => unknown>>,
): Promise<void> {
  const path = (incoming.url ?? '').replace(/\?.*$/, '');
  const body: Buffer[] = [];
  for await (const chunk of incoming) body.push(chunk as Buffer);
  const method = incoming.method ?? 'GET';
  const request = new Request(`http://pages.test${path}`, {
    method,
    headers: { 'content-type': incoming.headers['content-type'] ?? 'text/plain' },
    ...(method === 'GET' ? {} : { body: Buffer.concat(body) }),
  });
  const route = routes[`${method} ${path}`];
  const errors = route === undefined ? [{ code: 7003, message: `no route ${method} ${path}` }] : [];
  const result = route === undefined ? null : await route(request);
  answer.writeHead(route === undefined ? 404 : 200, { 'content-type': 'application/json' });
  answer.end(JSON.stringify({ success: route !== undefined, errors, messages: [], result }));
}

async function readDeployment(form: FormData): Promise<ReceivedDeployment> {
  const steering: Record<string, string> = {};
  for (const [name, value] of form) if (typeof value !== 'string') steering[name] = await value.text();
  return { manifest: JSON.parse(String(form.get('manifest'))) as Record<string, string>, steering };
}

/** A token as the service hands it out; nobody here checks its signature. */
function unsignedToken(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part(claims)}.`;
}
