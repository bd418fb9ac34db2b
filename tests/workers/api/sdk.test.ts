import { exports } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { ApiError, base, createClient, type QuantDeskClient, times, usd, usdc } from '#sdk/index.ts';
import { operations } from '../../../workers/api/routes/index.ts';
import { origin, signIn } from './caller.ts';

const id = '5b0d6b8e-7b1c-4b57-9a58-0d5d2f2f5a01';
const symbol = 'SOL-PERP';
const wallet = '7UVimffxr9ow1uXYxsr4LHAcV58mLzhmwaeKvJ1pjLiE';
const stepUp = 'none';
const order = { symbol, side: 'buy', order_type: 'market', quantity: base('1'), leverage: times(2) } as const;

/** How the client calls each operation. */
const calls: Readonly<Record<string, (client: QuantDeskClient) => Promise<unknown>>> = {
  'POST /api/auth/nonce': ({ auth }) => auth.nonce(wallet),
  'POST /api/auth/login': ({ auth }) => auth.login(wallet, 'text', 'signature'),
  'POST /api/auth/refresh': ({ auth }) => auth.refresh('none'),
  'POST /api/auth/step-up': ({ auth }) =>
    auth.stepUpText({ operation: 'POST /api/auth/sessions', body: { name: 'bot' } }),
  'GET /api/auth/sessions': ({ auth }) => auth.sessions(),
  'POST /api/auth/sessions': ({ auth }) => auth.createSession({ name: 'bot' }, stepUp),
  'DELETE /api/auth/sessions/{id}': ({ auth }) => auth.endSession(id),
  'DELETE /api/auth/sessions': ({ auth }) => auth.endOtherSessions(),
  'GET /api/users/me': ({ account }) => account.me(),
  'PATCH /api/users/me': ({ account }) =>
    account.change({ risk_level: 'moderate', trading_preferences: { default_leverage: times(2) } }),
  'GET /api/users/me/export': ({ account }) => account.exportData(),
  'DELETE /api/users/me': ({ account }) => account.eraseData(stepUp),
  'GET /api/config': (client) => client.config(),
  'GET /api/market/markets': ({ market }) => market.markets(),
  'GET /api/market/prices': ({ market }) => market.prices([symbol]),
  'GET /api/market/candles': ({ market }) => market.candles({ symbol, interval: '1m' }),
  'GET /api/market/stats': ({ market }) => market.stats(symbol),
  'GET /api/market/oracle': ({ market }) => market.oracle(symbol),
  'POST /api/trading/orders': ({ orders }) => orders.place(order),
  'POST /api/trading/preview': ({ orders }) => orders.preview(order),
  'GET /api/trading/orders': ({ orders }) => orders.list({ limit: 1 }),
  'DELETE /api/trading/orders': ({ orders }) => orders.cancelAll({ symbol }),
  'GET /api/trading/orders/{id}': ({ orders }) => orders.get(id),
  'PATCH /api/trading/orders/{id}': ({ orders }) => orders.amend(id, { price: usd('150') }),
  'DELETE /api/trading/orders/{id}': ({ orders }) => orders.cancel(id),
  'POST /api/trading/cancel-after': ({ orders }) => orders.cancelAfter(0),
  'GET /api/trading/commands/{idempotency_key}': ({ orders }) => orders.command('key-1'),
  'GET /api/trading/positions': ({ positions }) => positions.list(),
  'GET /api/trading/positions/costs': ({ positions }) => positions.costs(),
  'GET /api/trading/positions/{id}/history': ({ positions }) => positions.history(id),
  'POST /api/trading/positions/{id}/margin': ({ positions }) => positions.changeMargin(id, usdc('1')),
  'POST /api/trading/positions/{id}/exits': ({ positions }) => positions.setExits(id, { stop_loss: usd('100') }),
  'POST /api/trading/positions/{id}/close': ({ positions }) => positions.close(id),
  'GET /api/trading/fills': ({ history }) => history.fills({ symbol }),
  'GET /api/trading/funding': ({ history }) => history.funding({ symbol }),
  'GET /api/trading/liquidations': ({ history }) => history.liquidations(),
  'GET /api/trading/receipts/{signature}': ({ history }) => history.receipt('1'.repeat(88)),
  'POST /api/trading/transactions': ({ transactions }) =>
    transactions.build({ action: 'deposit', params: { amount: usdc('1') } }),
  'POST /api/trading/transactions/submit': ({ transactions }) => transactions.submit('AA=='),
  'GET /api/portfolio/balance': ({ account }) => account.balance(),
  'GET /api/portfolio/history': ({ account }) => account.history({ interval: '1h' }),
  'GET /api/portfolio/export.csv': ({ account }) => account.exportCsv(),
  'GET /api/portfolio/transfers': ({ account }) => account.transfers({ limit: 1 }),
  'GET /api/portfolio/withdrawal': ({ account }) => account.withdrawal(),
  'GET /api/portfolio/delegate': ({ account }) => account.delegate(),
  'GET /api/pool': ({ pool }) => pool.get(),
  'GET /api/pool/history': ({ pool }) => pool.history({ interval: '1h' }),
  'GET /api/pool/me': ({ pool }) => pool.me(),
  'GET /api/risk/alerts': ({ history }) => history.alerts(),
  'GET /api/risk/health': ({ risk }) => risk.health(),
  'GET /api/risk/liquidatable': ({ risk }) => risk.liquidatable({ symbol }),
  'POST /api/ai/analyze': ({ assistant }) => assistant.analyze({ symbol, analysis_type: 'risk_assessment' }),
  'GET /api/ai/analyses': ({ assistant }) => assistant.analyses({ symbol, limit: 1 }),
  'GET /api/ai/track-record': ({ assistant }) => assistant.trackRecord({ symbol }),
  'POST /api/ai/chat': ({ assistant }) => Array.fromAsync(assistant.chat({ message: 'my account' })),
  'GET /api/ai/conversations': ({ assistant }) => assistant.conversations({ limit: 1 }),
  'GET /api/ai/conversations/{id}': ({ assistant }) => assistant.conversation(id),
  'DELETE /api/ai/conversations/{id}': ({ assistant }) => assistant.deleteConversation(id),
  'DELETE /api/ai/conversations': ({ assistant }) => assistant.deleteConversations(),
  'POST /api/dev/faucet': ({ account }) => account.faucet('not a wallet'),
  'GET /api/admin/users': ({ admin }) => admin.users({ isActive: true }),
  'PATCH /api/admin/users/{wallet}': ({ admin }) => admin.changeUser(wallet, { is_active: true }, stepUp),
  'GET /api/admin/dead-letters': ({ admin }) => admin.deadLetters({ status: 'stored' }),
  'POST /api/admin/dead-letters/{id}/replay': ({ admin }) => admin.replayDeadLetter(id, stepUp),
  'POST /api/admin/dead-letters/{id}/discard': ({ admin }) => admin.discardDeadLetter(id, stepUp),
  'GET /api/admin/markets/{symbol}/switches': ({ admin }) => admin.switches(symbol),
  'PUT /api/admin/markets/{symbol}/switches': ({ admin }) =>
    admin.setSwitch(symbol, { operation: 'open', off: true, reason: 'a test' }, stepUp),
  'GET /api/admin/risk-events': ({ admin }) => admin.riskEvents({ resolved: false }),
  'GET /api/admin/actions': ({ admin }) => admin.actions(),
  'GET /api/admin/proposals': ({ admin }) => admin.proposals(),
  'POST /api/admin/transactions': ({ admin }) =>
    admin.buildTransaction({ action: 'set_market_status', params: { symbol, status: 'halted' } }),
  'GET /health': ({ system }) => system.health(),
  'GET /ready': ({ system }) => system.ready(),
  // Last: it ends the session that asks.
  'POST /api/auth/logout': ({ auth }) => auth.logout(),
};

/** Operations that these calls ask for what cannot be given: the refusal shows that the request was understood. */
const understood = /^(AI|AUTH|TRADING|MARKET|ORACLE|CHAIN|RISK|RATE)_|^VALIDATION_004$|^SYSTEM_002$/;

describe('the client', () => {
  const requests: Request[] = [];
  let client: QuantDeskClient;
  beforeAll(async () => {
    const { token } = await signIn();
    const record: typeof fetch = (input, init) => {
      const request = new Request(input as string, init);
      requests.push(request);
      return exports.default.fetch(request.clone());
    };
    client = createClient({ baseUrl: origin, accessToken: () => token, fetch: record, bounds: { retriesMax: 0 } });
  });

  it('has a method for every operation of the API, and for no other', () => {
    const described = operations.map(({ method, path }) => `${method} ${path}`);
    expect(Object.keys(calls).sort()).toEqual(described.sort());
  });

  it.each(Object.entries(calls))('calls %s as the exchange takes it, and reads the answer', async (operation, call) => {
    requests.length = 0;
    const failure = await call(client).then(
      () => null,
      (error: unknown) => error,
    );
    const [request] = requests;
    expect(request?.method).toBe(operation.split(' ')[0]);
    const pattern = (operation.split(' ')[1] ?? '').replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+');
    expect(new URL(request?.url ?? '').pathname).toMatch(new RegExp(`^${pattern}$`));
    if (failure === null) return;
    expect(failure).toBeInstanceOf(ApiError);
    expect((failure as ApiError).code).toMatch(understood);
  });

  it('gives every command a key of its own', async () => {
    requests.length = 0;
    const commands = Object.entries(calls).filter(([operation]) => isCommand(operation));
    for (const [, call] of commands) await call(client).catch(() => undefined);
    const keys = requests.map((request) => request.headers.get('idempotency-key'));
    expect(keys).not.toContain(null);
    expect(new Set(keys).size).toBe(commands.length);
  });
});

const isCommand = (operation: string): boolean =>
  operations.some(({ method, path, idempotent }) => idempotent === true && `${method} ${path}` === operation);
