import { PERSONAL_TABLES, type PersonalTable } from '#db/repositories/personal-records.ts';
import { timestampOf } from '#shared/protocol/present/fields.ts';
import { erasedUserSchema } from '#shared/protocol/users.ts';
import type { Session } from '../../account/access-token.ts';
import { recordDeed } from '../admin-log.ts';
import type { Services } from '../context.ts';
import { defineOperation, textStreamSchema } from '../operation.ts';
import { pushStanding } from '../user-session.ts';

/** Rows of one export. More break the download off, so that nobody takes a part for the whole. */
export const exportRowsMax = 200_000;

export const usersExport = defineOperation({
  method: 'GET',
  path: '/api/users/me/export',
  tag: 'Users',
  summary: 'Everything that is stored about you, as one JSON file',
  auth: 'bearer',
  rate: 'sign-in',
  status: 200,
  answer: textStreamSchema,
  media: 'application/json',
  refusals: ['SYSTEM_002'],
  handle: async ({ session, services, context }) => {
    // Read before the answer begins: a database that is away is a 503, not half a file.
    const head = await headOf(services, session);
    context.header('content-disposition', `attachment; filename="quantdesk-${session.wallet}.json"`);
    return streamOf(exportText(services, session, head));
  },
});

async function headOf(services: Services, { userId, wallet }: Session): Promise<string> {
  const [user, sessions] = await Promise.all([
    services.repositories.users.get(userId),
    services.account(wallet).listSessions(),
  ]);
  return JSON.stringify({
    exported_at: timestampOf(services.clock.nowMs()),
    user_id: userId,
    wallet_address: wallet,
    email: user?.email ?? null,
    sessions: sessions.map((session) => ({
      id: session.sessionId,
      name: session.name,
      user_agent: session.userAgent,
      created_at: timestampOf(session.createdAtMs),
      last_used_at: timestampOf(session.lastUsedAtMs),
      expires_at: timestampOf(session.expiresAtMs),
    })),
  });
}

/** The object `head` with one list more for each table, its rows as the database writes them: every digit of a number stays. */
async function* exportText(services: Services, { userId }: Session, head: string): AsyncGenerator<string, void> {
  yield head.slice(0, -1);
  let written = 0;
  for (const table of Object.keys(PERSONAL_TABLES) as PersonalTable[]) {
    yield `,\n"${table}":[`;
    let isFirst = true;
    for await (const rows of services.repositories.personalRecords.rows(userId, table)) {
      written += rows.length;
      if (written > exportRowsMax) throw new RangeError(`an export has at most ${exportRowsMax} rows`);
      yield `${isFirst ? '' : ','}\n${rows.join(',\n')}`;
      isFirst = false;
    }
    yield ']';
  }
  yield '}\n';
}

/** The database is read no faster than the caller reads. */
function streamOf(text: AsyncGenerator<string, void>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const next = await text.next();
      if (next.done === true) controller.close();
      else controller.enqueue(encoder.encode(next.value));
    },
    cancel: async () => {
      await text.return();
    },
  });
}

/**
 * Recorded first, sessions last: whatever fails in between leaves a session to ask again with, and asking again does what is left.
 */
export const usersErase = defineOperation({
  method: 'DELETE',
  path: '/api/users/me',
  tag: 'Users',
  summary: 'Erase your personal data and end all your sessions; your trades and money stay',
  auth: 'bearer',
  stepUp: true,
  rate: 'sign-in',
  status: 200,
  answer: erasedUserSchema,
  refusals: ['SYSTEM_002'],
  handle: async ({ session, services, context }) => {
    const { wallet, userId } = session;
    const { users, personalRecords } = services.repositories;
    await recordDeed(services, context, session, { action: 'users.erase', target: wallet, details: {} });
    const today = timestampOf(services.clock.nowMs()).slice(0, 'yyyy-mm-dd'.length);
    const erased = await personalRecords.erase(userId, today);
    const user = await users.changeProfile(userId, {});
    if (user !== null) await pushStanding(services, user);
    const sessions = await services.account(wallet).forget();
    // A backup holds what was erased: after a restore these lines say whose it was.
    context.get('logger').info('personal data erased', { wallet });
    return { ...erased, sessions, kept: [...kept] };
  },
});

/** What an erasure leaves, for the one who asked. */
const kept = [
  'What is on the Solana blockchain: your wallet address, deposits, withdrawals, trades and positions. Nobody can take it away.',
  'The exchange’s books of the same: orders, fills, liquidations, funding, transfers, positions, portfolio values. Open orders and positions go on.',
  'Whether your wallet passed the identity check and may use the API.',
  'Forecasts of the assistant in its track record, without whose they were and what they said.',
  'That you asked for this, when, and in which request.',
];
