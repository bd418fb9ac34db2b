import { ConstraintViolation } from '#db/errors.ts';
import type { ChangedUser, ProfileChange } from '#db/repositories/users.ts';
import { userSchema } from '#shared/protocol/auth.ts';
import { changeProfileRequestSchema, tradingPreferencesSchema } from '#shared/protocol/users.ts';
import { toWire } from '#shared/protocol/wire.ts';
import type { ChangeProfileRequest } from '#shared/protocol/users.ts';
import type { Session } from '../../account/access-token.ts';
import type { Services } from '../context.ts';
import { refused } from '../errors.ts';
import { defineOperation } from '../operation.ts';
import { presentUser, pushStanding } from '../user-session.ts';

export const usersChange = defineOperation({
  method: 'PATCH',
  path: '/api/users/me',
  tag: 'Users',
  summary: 'Change your e-mail address, risk level or trading preferences; what is not named stays',
  auth: 'bearer',
  rate: 'data',
  body: changeProfileRequestSchema,
  status: 200,
  answer: userSchema,
  refusals: ['VALIDATION_005', 'AUTH_010', 'AUTH_013', 'SYSTEM_002'],
  handle: async ({ body, session, services }) => {
    const user = await changeProfile(services, session, body);
    await pushStanding(services, user);
    return presentUser(user);
  },
});

/** @throws RefusedError AUTH_013. */
async function changeProfile(services: Services, session: Session, body: ChangeProfileRequest): Promise<ChangedUser> {
  const { users } = services.repositories;
  const change = changeOf(body);
  try {
    const changed = await users.changeProfile(session.userId, change);
    if (changed !== null) return changed;
    // A sign-in while the database was away left no row.
    await users.signIn(session.wallet, services.clock.nowMs());
    const written = await users.changeProfile(session.userId, change);
    if (written === null) throw new Error('a user that signed in has no row');
    return written;
  } catch (error) {
    if (!(error instanceof ConstraintViolation)) throw error;
    throw refused('AUTH_013', 'This e-mail address belongs to another account.');
  }
}

const changeOf = ({ email, risk_level, trading_preferences }: ChangeProfileRequest): ProfileChange => ({
  ...(email === undefined ? {} : { email }),
  ...(risk_level === undefined ? {} : { riskLevel: risk_level }),
  ...(trading_preferences === undefined
    ? {}
    : { tradingPreferences: toWire(tradingPreferencesSchema, trading_preferences) as Record<string, unknown> }),
});
