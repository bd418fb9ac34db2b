import { env } from 'cloudflare:workers';
import type { RiskAlert } from '../../../workers/account/contract.ts';
import { accessTokenLifeSeconds, issueAccessToken, verifyAccessToken } from '../../../workers/account/access-token.ts';
import { newId, userIdOf } from '../../../workers/platform/ids.ts';
import { newWallet, settings, signIn, type TestWallet } from '../api/caller.ts';
import { ObjectSocket } from './object-socket.ts';

/** A wallet that signed in: its account's object keeps the session, the database knows the user. */
export class SignedIn {
  readonly wallet: string;
  readonly sessionId: string;

  private constructor(wallet: string, sessionId: string) {
    this.wallet = wallet;
    this.sessionId = sessionId;
  }

  static async as(wallet: TestWallet = newWallet()): Promise<SignedIn> {
    const { token } = await signIn(wallet);
    const session = await verifyAccessToken(settings(), token, Date.now());
    if (!session.ok) throw new Error(`the token is not taken: ${session.error.message}`);
    return new SignedIn(wallet.address, session.value.sessionId);
  }

  get account() {
    return env.ACCOUNTS.getByName(this.wallet);
  }

  /** An access token that is valid for another `lifeMs`. */
  async token(lifeMs = accessTokenLifeSeconds * 1_000): Promise<string> {
    const { wallet, sessionId } = this;
    const issuedAtMs = Date.now() - accessTokenLifeSeconds * 1_000 + lifeMs;
    const session = { userId: userIdOf(wallet), wallet, sessionId, role: 'user' as const };
    return (await issueAccessToken(settings(), session, issuedAtMs)).token;
  }

  /** A socket on the account's object that showed its token. */
  async socket(lifeMs?: number): Promise<ObjectSocket> {
    const socket = await ObjectSocket.open(this.account, 'https://exchange/ws/account');
    socket.send({ op: 'auth', token: await this.token(lifeMs) });
    await socket.wait('authenticated', undefined);
    return socket;
  }

  /** The same, subscribed to `risk`. */
  async watchingRisk(from?: { epoch: string | undefined; seq: number }): Promise<ObjectSocket> {
    const socket = await this.socket();
    socket.send({ op: 'subscribe', channels: ['risk'], ...(from === undefined ? {} : { from }) });
    if (from === undefined) await socket.wait('snapshot', 'risk');
    return socket;
  }

  /** Something to tell on `risk`. */
  alert(message: string): Promise<void> {
    return this.account.notifyRisk(alertOf(message));
  }
}

export const alertOf = (message: string): RiskAlert => ({
  id: newId(),
  kind: 'margin_warning',
  symbol: 'SOL-PERP',
  positionId: newId(),
  message,
  signature: null,
  createdAtMs: Date.now(),
});
