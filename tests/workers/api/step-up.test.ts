import { beforeAll, describe, expect, it } from 'vitest';
import type { StepUpResponse } from '#shared/protocol/auth.ts';
import type { ErrorResponse } from '#shared/protocol/errors.ts';
import { verifyAccessToken } from '../../../workers/account/access-token.ts';
import { bodyHash } from '../../../workers/api/body.ts';
import { operationKey } from '../../../workers/api/docs/guide.ts';
import { guides } from '../../../workers/api/docs/guides/index.ts';
import { operations } from '../../../workers/api/routes/index.ts';
import { signToken } from '../../../workers/account/signed-token.ts';
import { createProofChallenge, nonceLifeMs, signInSite } from '../../../workers/api/wallet-proof.ts';
import { askNonce, call, logIn, newWallet, settings, signIn, type TestWallet } from './caller.ts';
import { askStepUp, type Confirmable, confirmStepUp, Operator, stepUp } from './operator.ts';

// The first request loads the worker, which takes longer than a test may.
beforeAll(async () => {
  await call('GET', '/health');
});

const operation = 'POST /api/auth/sessions';
const request = { operation, body: { name: 'bot' } };
/** Another request that is confirmed. */
const other = { operation: `PATCH /api/admin/users/${newWallet().address}`, body: { is_active: false } };
/** Sends `request`, or the same operation with another body. */
const attempt = (token: string, confirmation: string, body: object = request.body) =>
  call('POST', '/api/auth/sessions', { token, body, headers: { 'x-step-up': confirmation } });
/** The line of the text that says what is confirmed. */
const statementOf = async (token: string, confirmable: Confirmable): Promise<string> => {
  const { body } = await askStepUp(token, confirmable);
  return (body.message ?? expect.fail(JSON.stringify(body))).split('\n')[3] ?? '';
};
const sessionIdOf = async (token: string): Promise<string> => {
  const verified = await verifyAccessToken(settings(), token, Date.now());
  return verified.ok ? verified.value.sessionId : expect.fail();
};
/** What a confirmation of `operation` with this body, as its schema reads it, is bound to. */
const hashOf = (body: { name: string }): Promise<string> =>
  bodyHash('POST', '/api/auth/sessions', { body: { expires_in_days: 90, ...body } });
const needed = [403, 'AUTH_011'];

async function signedIn(): Promise<{ wallet: TestWallet; token: string }> {
  const wallet = newWallet();
  return { wallet, token: (await signIn(wallet)).token };
}

describe('a confirmation by the wallet', () => {
  it('names the request in the text that is signed, and lets it happen once', async () => {
    const { wallet, token } = await signedIn();
    const { message = '' } = (await askStepUp(token, request)).body;
    expect(message).toContain(operation);
    expect(message).toContain(wallet.address);
    const { step_up_token = '' } = (await confirmStepUp(token, request, message, wallet.sign(message))).body;
    expect((await attempt(token, step_up_token)).status).toBe(201);
    const again = await attempt(token, step_up_token);
    expect([again.status, again.body.code]).toEqual(needed);
  });

  it('used twice at the same time is taken once', async () => {
    const { wallet, token } = await signedIn();
    const confirmation = await stepUp(token, wallet, request);
    const answers = await Promise.all([attempt(token, confirmation), attempt(token, confirmation)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 403]);
  });

  it('is for one operation: another method or path does not take it', async () => {
    const { wallet, token } = await signedIn();
    const refused = await attempt(token, await stepUp(token, wallet, other));
    expect([refused.status, refused.body.code]).toEqual(needed);
    const operator = await Operator.signedIn();
    const [one, two] = [newWallet(), newWallet()].map(({ address }) => `/api/admin/users/${address}`);
    const body = { is_active: false };
    const confirmation = await stepUp(operator.token, operator.wallet, { operation: `PATCH ${one}`, body });
    const headers = { 'x-step-up': confirmation };
    const elsewhere = await operator.call<ErrorResponse>('PATCH', two ?? '', { body, headers });
    expect([elsewhere.status, elsewhere.body.code]).toEqual(needed);
    const there = await operator.call<ErrorResponse>('PATCH', one ?? '', { body, headers });
    expect(there.body.code).toBe('AUTH_015');
  });

  it('is for one body: whoever holds the session cannot send another one with it', async () => {
    const { wallet, token } = await signedIn();
    const confirmation = await stepUp(token, wallet, request);
    for (const body of [{ name: 'bot', expires_in_days: 365 }, { name: 'Bot' }, { name: 'another' }]) {
      const refused = await attempt(token, confirmation, body);
      expect([refused.status, refused.body.code]).toEqual(needed);
    }
    expect((await attempt(token, confirmation)).status).toBe(201);
  });

  it('is not given for another body than the one whose text was signed', async () => {
    const { wallet, token } = await signedIn();
    const { message = '' } = (await askStepUp(token, request)).body;
    const wider = { operation, body: { name: 'bot', expires_in_days: 365 } };
    const refused = await confirmStepUp<ErrorResponse>(token, wider, message, wallet.sign(message));
    expect(refused.body.code).toBe('AUTH_003');
  });

  it('takes the order of fields, and a default that is written out, for the same body', async () => {
    const { wallet, token } = await signedIn();
    const confirmation = await stepUp(token, wallet, { operation, body: { expires_in_days: 90, name: ' bot' } });
    expect((await attempt(token, confirmation)).status).toBe(201);
  });

  it('is for one session: another one of the same wallet cannot use it', async () => {
    const { wallet, token } = await signedIn();
    const second = await signIn(wallet);
    const refused = await attempt(second.token, await stepUp(token, wallet, request));
    expect([refused.status, refused.body.code]).toEqual(needed);
  });

  it('ends five minutes after its text was given, whenever that was signed', async () => {
    const { wallet, token } = await signedIn();
    const sid = await sessionIdOf(token);
    const claims = { sid, req: await hashOf(request.body), jti: crypto.randomUUID() };
    const inTime = await signToken(settings(), 'step-up', { ...claims, jti: 'a' }, Math.floor(Date.now() / 1_000) + 60);
    expect((await attempt(token, inTime)).status).toBe(201);
    const old = await signToken(settings(), 'step-up', claims, Math.floor(Date.now() / 1_000) - 1);
    expect((await attempt(token, old)).body.code).toBe('AUTH_011');
    const { message = '', expires_at } = (await askStepUp(token, request)).body;
    const granted = await confirmStepUp(token, request, message, wallet.sign(message));
    expect(granted.body.expires_at).toBe(expires_at);
    expect(Date.parse(expires_at) - Date.now()).toBeLessThanOrEqual(nonceLifeMs);
  });

  it('is given for a text once', async () => {
    const { wallet, token } = await signedIn();
    const { message = '' } = (await askStepUp(token, request)).body;
    expect((await confirmStepUp(token, request, message, wallet.sign(message))).status).toBe(200);
    const again = await confirmStepUp<ErrorResponse>(token, request, message, wallet.sign(message));
    expect(again.body.code).toBe('AUTH_005');
  });

  it('is not given for the signature of another wallet, a changed text, or the text of another operation or session', async () => {
    const { wallet, token } = await signedIn();
    const second = await signIn(wallet);
    const text = async (from: string, what: Confirmable) => (await askStepUp(from, what)).body.message ?? '';
    const message = await text(token, request);
    const refusals = [
      [message, newWallet().sign(message)],
      [message.replace('one operation', 'nothing'), null],
      [await text(token, other), null],
      [await text(second.token, request), null],
    ] as const;
    const codes: string[] = [];
    for (const [signed, signature] of refusals) {
      const answer = await confirmStepUp<ErrorResponse>(token, request, signed, signature ?? wallet.sign(signed));
      codes.push(answer.body.code);
    }
    expect(codes).toEqual(['AUTH_004', 'AUTH_004', 'AUTH_003', 'AUTH_003']);
  });

  it('is not given for a sign-in text, nor a sign-in for the text of a confirmation', async () => {
    const { wallet, token } = await signedIn();
    const { message: signInText } = await askNonce(wallet);
    const confirmed = await confirmStepUp<ErrorResponse>(token, request, signInText, wallet.sign(signInText));
    expect(confirmed.body.code).toBe('AUTH_003');
    const { message = '' } = (await askStepUp(token, request)).body;
    expect((await logIn<ErrorResponse>(wallet, message)).body.code).toBe('AUTH_003');
  });

  it('is not given for a text of ours that has expired', async () => {
    const { wallet, token } = await signedIn();
    const sid = await sessionIdOf(token);
    const purpose = {
      wallet: wallet.address,
      statement: await statementOf(token, request),
      binding: ['step-up', sid, await hashOf(request.body)],
    };
    const textAt = async (ms: number) =>
      (await createProofChallenge(settings().SESSION_KEYS, signInSite(settings()), purpose, ms)).message;
    const old = await textAt(Date.now() - nonceLifeMs - 1_000);
    const expired = await confirmStepUp<ErrorResponse>(token, request, old, wallet.sign(old));
    expect(expired.body.code).toBe('AUTH_003');
    const fresh = await textAt(Date.now());
    expect((await confirmStepUp<StepUpResponse>(token, request, fresh, wallet.sign(fresh))).status).toBe(200);
  });

  it('cannot be an access token, and is none', async () => {
    const { wallet, token } = await signedIn();
    expect((await attempt(token, token)).body.code).toBe('AUTH_011');
    const confirmation = await stepUp(token, wallet, request);
    expect((await call('GET', '/api/trading/orders', { token: confirmation })).body.code).toBe('AUTH_001');
  });

  it.each(['', 'x', 'a.b.c', 'x'.repeat(400)])('is not %o', async (confirmation) => {
    const { token } = await signedIn();
    const refused = await attempt(token, confirmation);
    expect([refused.status, refused.body.code]).toEqual(needed);
  });

  it.each([
    '',
    'GET /api/users/me',
    'POST /health',
    'POST /api/x\nSign everything',
    'POST /api/x?y=1',
    'post /api/x',
    'DELETE /api/auth/sessions',
    'POST /api/auth/sessions/',
    'POST /api/trading/orders',
  ])('is not asked for %o', async (what) => {
    const { token } = await signedIn();
    const refused = await askStepUp<ErrorResponse>(token, { operation: what, body: { name: 'bot' } });
    expect([refused.status, refused.body.code]).toEqual([400, 'VALIDATION_001']);
  });
});

describe('the text of a confirmation', () => {
  const switches = { operation: 'PUT /api/admin/markets/ETH-PERP/switches' };

  it('says every field of the body, those that were left out too', async () => {
    const { token } = await signedIn();
    const off = { operation: 'open', off: true, reason: 'oracle under review' };
    const texts = [
      [request, "POST /api/auth/sessions with name: 'bot', expires_in_days: 90"],
      [other, `${other.operation} with is_active: false`],
      [{ ...switches, body: off }, `${switches.operation} with operation: 'open', off: true, reason: '${off.reason}'`],
    ] as const;
    for (const [confirmable, text] of texts) {
      const statement = `Confirm one operation at QuantDesk: ${text}. Sign only if you asked for it just now.`;
      expect(await statementOf(token, confirmable)).toBe(statement);
    }
  });

  it('is there for every operation that is confirmed, none of which takes a query', async () => {
    const { token } = await signedIn();
    const confirmed = operations.filter(({ stepUp: isConfirmed }) => isConfirmed === true);
    expect(confirmed).toHaveLength(6);
    for (const { method, path, query, ...rest } of confirmed) {
      expect(query).toBeUndefined();
      const params: Readonly<Record<string, string>> = {
        id: crypto.randomUUID(),
        symbol: 'SOL-PERP',
        wallet: newWallet().address,
      };
      const what = `${method} ${path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => params[name] ?? '')}`;
      const body = rest.body === undefined ? undefined : guides[operationKey({ method, path })]?.example.body;
      const statement = await statementOf(token, { operation: what, body });
      expect(statement).toContain(what);
      for (const name of Object.keys(body ?? {})) expect(statement).toContain(`${name}: `);
    }
  });

  it('shows no value as another field, on another line or without end', async () => {
    const { token } = await signedIn();
    const said = async (reason: string) => {
      const text = await statementOf(token, { ...switches, body: { operation: 'open', off: false, reason } });
      return text.slice(text.indexOf('reason: ') + 'reason: '.length);
    };
    expect(await said("x', off: true, reason: 'y")).toMatch(/^'x\?, off: true, reason: \?y'\. Sign only/);
    expect(await said('one\ntwo\u202ethree\u200b"<b>é')).toMatch(/^'one\?two\?three\?\?\?b\?\?'\. Sign only/);
    expect(await said('x'.repeat(200))).toMatch(/^'x{200}'\. Sign only/);
  });

  it.each([
    [{ operation, body: { name: '' } }, 'VALIDATION_001', 'body.name'],
    [{ operation, body: { name: 'bot', role: 'admin' } }, 'VALIDATION_001', 'body'],
    [{ operation }, 'VALIDATION_001', 'body.name'],
    [{ operation, body: 'name' }, 'VALIDATION_001', 'body'],
    [{ operation: 'PATCH /api/admin/users/nobody', body: { is_active: false } }, 'VALIDATION_004', 'wallet'],
    [{ operation: 'PUT /api/admin/markets/DOGE-PERP/switches', body: {} }, 'MARKET_001', 'symbol'],
    [
      { operation: `POST /api/admin/dead-letters/${crypto.randomUUID()}/replay`, body: { is_active: true } },
      'VALIDATION_001',
      'body',
    ],
  ])('is not given for %o, which would be refused', async (confirmable, code, field) => {
    const { token } = await signedIn();
    const { body } = await askStepUp<ErrorResponse>(token, confirmable);
    expect([body.code, body.message.startsWith(field)]).toEqual([code, true]);
  });
});
