import { describe, expect, it } from 'vitest';
import guide from '../../../docs/api.md?raw';
import { createApp } from '../../../workers/api/app.ts';
import { operations } from '../../../workers/api/routes/index.ts';
import { call } from './caller.ts';

interface Described {
  readonly summary: string;
  readonly security: readonly object[];
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly responses: Readonly<Record<string, { readonly description: string }>>;
}

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, { readonly properties?: Readonly<Record<string, object>> }>>;
  };
}

const read = async (): Promise<Document> => (await call<Document>('GET', '/openapi.json')).body;

describe('/openapi.json', () => {
  it('describes every route the worker serves, and no other', async () => {
    const { paths } = await read();
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
    );
    const undescribed = new Set([
      ...['GET /openapi.json', 'GET /docs', 'GET /docs/reference.css', 'GET /docs/reference.js'],
      ...['GET /ws/market/:symbol', 'GET /ws/account', 'GET /metrics'],
    ]);
    const served = createApp()
      .routes.filter(({ method }) => method !== 'ALL')
      .map(({ method, path }) => `${method} ${path}`)
      .filter((route) => !undescribed.has(route));
    expect([...new Set(served)].sort()).toEqual(described.sort());
  });

  it('says of every operation what it does, its success and its refusals by code', async () => {
    const { paths } = await read();
    for (const operation of operations) {
      const described = paths[operation.path]?.[operation.method.toLowerCase()];
      expect(described?.summary.length).toBeGreaterThan(5);
      expect(described?.responses[String(operation.status)]).toBeDefined();
      expect(described?.responses['500']?.description).toContain('SYSTEM_001');
      const stepUp = operation.stepUp === true ? { stepUp: [] } : {};
      expect(described?.security).toEqual(operation.auth === 'none' ? [] : [{ bearerAuth: [], ...stepUp }]);
    }
  });

  it('shows decimals as numbers with format decimal, and has no reference that leads nowhere', async () => {
    const document = await read();
    expect(document.openapi).toBe('3.1.0');
    expect(document.components.schemas.Order?.properties?.quantity).toMatchObject({
      type: 'number',
      format: 'decimal',
    });
    const text = JSON.stringify(document);
    expect(text).not.toContain('$defs');
    for (const [, name] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      expect(Object.keys(document.components.schemas)).toContain(name);
    }
  });

  it('and docs/api.md name the same operations', () => {
    for (const { method, path } of operations) expect(guide).toContain(`\`${method} ${path}`);
  });

  it('names the Idempotency-Key where it is taken', async () => {
    const { paths } = await read();
    const headersOf = (path: string, method: string) =>
      (paths[path]?.[method]?.parameters ?? [])
        .filter((parameter) => parameter.in === 'header')
        .map(({ name }) => name);
    expect(headersOf('/api/trading/orders', 'post')).toEqual(['Idempotency-Key']);
    expect(headersOf('/api/trading/orders', 'get')).toEqual([]);
  });
});
