import { ok } from '#shared/protocol/error-codes.ts';
import { verifyAccessToken } from '../access-token.ts';
import { AccountRelay } from '../account-relay.ts';
import type { ApiContext } from '../context.ts';
import { checkUpgrade, openObjectSocket } from '../sockets.ts';

/** `/ws/account`: the private channels of whoever the token in the first message names. */
export function accountSocket(context: ApiContext): Response {
  checkUpgrade(context);
  const { settings, clock } = context.get('services');
  const logger = context.get('logger');
  const { 0: client, 1: server } = new WebSocketPair();
  server.accept();
  new AccountRelay(server, {
    walletOf: async (token) => {
      const session = await verifyAccessToken(settings.SESSION_KEYS, token, clock.nowMs());
      return session.ok ? ok(session.value.wallet) : session;
    },
    connect: async (wallet) => {
      const { webSocket } = await openObjectSocket(context, context.env.ACCOUNTS.getByName(wallet));
      if (webSocket === null) throw new Error('the object answered without a socket');
      return webSocket;
    },
    onError: (error) => logger.warn('account socket not opened', { error }),
  });
  return new Response(null, { status: 101, webSocket: client });
}
