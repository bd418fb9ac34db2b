import { Agent, request as openRequest, type IncomingHttpHeaders } from 'node:http';
import { createWallet, type ExampleWallet } from '../../examples/wallet.ts';

/** An answer, read to its end. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface HttpRequest {
  readonly method: string;
  /** Path and query, sent as they are: nothing is normalised on the way. */
  readonly target: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer | null;
}

const answerMsMax = 20_000;

/** Calls a worker over HTTP without a client's manners: any method, any bytes in path and headers. */
export class HttpCaller {
  readonly #url: URL;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 });
  #addresses = 0;

  constructor(url: string) {
    this.#url = new URL(url);
  }

  /** An address that has asked for nothing yet: each has limits of its own. */
  newAddress(): string {
    this.#addresses += 1;
    return `2001:db8:${Math.floor(Math.random() * 65_535).toString(16)}::${this.#addresses.toString(16)}`;
  }

  send(request: HttpRequest): Promise<HttpAnswer> {
    const { method, target, headers = {}, body = null } = request;
    const { hostname, port } = this.#url;
    // Without its length Node would send a body of GET or DELETE as the beginning of the next request.
    const length = body === null ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    return new Promise((resolve, reject) => {
      const outgoing = openRequest(
        {
          hostname,
          port,
          method,
          path: target,
          headers: { ...length, ...headers },
          agent: this.#agent,
          timeout: answerMsMax,
        },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
          incoming.on('error', reject);
          incoming.on('end', () =>
            resolve({
              status: incoming.statusCode ?? 0,
              headers: incoming.headers,
              text: Buffer.concat(chunks).toString('utf8'),
            }),
          );
        },
      );
      outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer within ${answerMsMax} ms`)));
      // A kept connection may have been closed by the other side just now: that says nothing about this request.
      outgoing.on('error', (error) => {
        if (outgoing.reusedSocket && 'code' in error && error.code === 'ECONNRESET') resolve(this.send(request));
        else reject(error);
      });
      outgoing.end(body ?? undefined);
    });
  }

  /** A JSON request as a client sends it. */
  async json<Body = Record<string, unknown>>(
    method: string,
    target: string,
    options: { token?: string; body?: unknown; headers?: Readonly<Record<string, string>> } = {},
  ): Promise<{ status: number; headers: IncomingHttpHeaders; body: Body }> {
    const { token, body, headers } = options;
    const { text, ...answer } = await this.send({
      method,
      target,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        'cf-connecting-ip': this.newAddress(),
        ...headers,
      },
      body: body === undefined ? null : JSON.stringify(body),
    });
    return { ...answer, body: (text === '' ? undefined : JSON.parse(text)) as Body };
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** A trader over HTTP: a wallet and its access token. */
export interface HttpTrader {
  readonly wallet: ExampleWallet;
  readonly token: string;
  readonly refreshToken: string;
}

interface SignedIn {
  readonly token: string;
  readonly refresh_token: string;
}

/** Signs a fresh wallet in. */
export async function signIn(caller: HttpCaller, wallet: ExampleWallet = createWallet()): Promise<HttpTrader> {
  const { address: wallet_address } = wallet;
  const nonce = await caller.json<{ message: string }>('POST', '/api/auth/nonce', { body: { wallet_address } });
  const { message } = nonce.body;
  const login = await caller.json<SignedIn>('POST', '/api/auth/login', {
    body: { wallet_address, message, signature: wallet.signMessage(message) },
  });
  if (login.status !== 200) throw new Error(`sign-in answered ${login.status}: ${JSON.stringify(login.body)}`);
  return { wallet, token: login.body.token, refreshToken: login.body.refresh_token };
}

/** Builds, signs and submits; answers when it is confirmed. */
export async function act(caller: HttpCaller, { wallet, token }: HttpTrader, action: string, params: object) {
  const built = await caller.json<{ transaction: string }>('POST', '/api/trading/transactions', {
    token,
    body: { action, params },
  });
  if (built.status !== 200) throw new Error(`${action} is not built: ${JSON.stringify(built.body)}`);
  const transaction = wallet.signTransaction(built.body.transaction);
  const sent = await caller.json<{ status: string; signature: string }>('POST', '/api/trading/transactions/submit', {
    token,
    body: { transaction },
  });
  if (sent.body.status !== 'confirmed') throw new Error(`${action} is ${JSON.stringify(sent.body)}`);
  return sent.body;
}

/** A trader with `deposit` USDC who delegates. */
export async function openFunded(caller: HttpCaller, deposit: number): Promise<HttpTrader> {
  const trader = await signIn(caller);
  const body = { wallet_address: trader.wallet.address };
  const faucet = await caller.json('POST', '/api/dev/faucet', { body });
  if (faucet.status !== 200) throw new Error(`the faucet answered ${faucet.status}: ${JSON.stringify(faucet.body)}`);
  await act(caller, trader, 'open_account', { deposit });
  return trader;
}
