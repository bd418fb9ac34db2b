import { ok } from '#shared/protocol/error-codes.ts';
import { verifyAccessToken } from '../../account/access-token.ts';
import { AccountRelay } from '../account-relay.ts';
import type { ApiContext } from '../context.ts';
import { admitWaitingSocket, checkUpgrade, openObjectSocket } from '../sockets.ts';

/** `/ws/account`: the private channels of whoever the token in the first message names. */
export function accountSocket(context: ApiContext): Response {
  checkUpgrade(context);
  const { settings, clock } = context.get('services');
  const logger = context.get('logger');
  const place = admitWaitingSocket(context);
  const { 0: client, 1: server } = new WebSocketPair();
  server.accept();
  new AccountRelay(server, {
    walletOf: async (token) => {
      const session = await verifyAccessToken(settings, token, clock.nowMs());
      if (!session.ok) return session;
      place.keep();
      return ok(session.value.wallet);
    },
    connect: async (wallet) => {
      const { webSocket } = await openObjectSocket(context, context.env.ACCOUNTS.getByName(wallet));
      if (webSocket === null) throw new Error('the object answered without a socket');
      return webSocket;
    },
    placeTaken: place.taken,
    onSettled: () => place.leave(),
    onError: (error) => logger.warn('account socket not opened', { error }),
  });
  return new Response(null, { status: 101, webSocket: client });
}
