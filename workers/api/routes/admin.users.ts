import * as z from 'zod';
import type { AdminChange } from '#db/repositories/users.ts';
import {
  adminUserSchema,
  adminUsersQuerySchema,
  changeUserRequestSchema,
  type ChangeUserRequest,
  walletParamsSchema,
} from '#shared/protocol/admin.ts';
import { userIdOf } from '../../platform/ids.ts';
import { recordDeed } from '../admin-log.ts';
import { refused } from '../errors.ts';
import { defineOperation } from '../operation.ts';
import { sendCursor } from '../paging.ts';
import { presentAdminUser } from '../present-admin.ts';
import { pushStanding } from '../user-session.ts';

export const adminUsersList = defineOperation({
  method: 'GET',
  path: '/api/admin/users',
  tag: 'Administration',
  summary: 'Users, newest first; by the beginning of their wallet, their identity check, or whether they are active',
  auth: 'admin',
  rate: 'data',
  query: adminUsersQuerySchema,
  status: 200,
  answer: z.array(adminUserSchema),
  paged: true,
  refusals: ['SYSTEM_002'],
  handle: async ({ query, services, context }) => {
    const { limit, cursor, wallet, kyc_status, is_active } = query;
    const filter = { limit, cursor, walletPrefix: wallet, kycStatus: kyc_status, isActive: is_active };
    const page = await services.repositories.users.list(filter);
    sendCursor(context, page.nextCursor);
    return page.rows.map(presentAdminUser);
  },
});

export const adminUsersChange = defineOperation({
  method: 'PATCH',
  path: '/api/admin/users/{wallet}',
  tag: 'Administration',
  summary:
    "Close or open the API for a wallet, or set the outcome of its identity check; counts for the wallet's orders at once",
  auth: 'admin',
  stepUp: true,
  rate: 'sign-in',
  params: walletParamsSchema,
  body: changeUserRequestSchema,
  status: 200,
  answer: adminUserSchema,
  refusals: ['AUTH_015', 'SYSTEM_002', 'VALIDATION_004'],
  handle: async ({ params: { wallet }, body, session, services, context }) => {
    const { users } = services.repositories;
    const before = await users.get(userIdOf(wallet));
    if (before === null) throw refused('AUTH_015', 'No user has signed in with this wallet.');
    const { isActive: is_active, kycStatus: kyc_status } = before;
    await recordDeed(services, context, session, {
      action: 'users.change',
      target: wallet,
      details: { before: { is_active, kyc_status }, change: body },
    });
    const user = await users.administer(before.id, changeOf(body));
    if (user === null) throw refused('AUTH_015', 'No user has signed in with this wallet.');
    // Repeating the request after a failure here pushes again: the change itself is the same.
    await pushStanding(services, user);
    return presentAdminUser(user);
  },
});

const changeOf = ({ is_active, kyc_status }: ChangeUserRequest): AdminChange => ({
  ...(is_active === undefined ? {} : { isActive: is_active }),
  ...(kyc_status === undefined ? {} : { kycStatus: kyc_status }),
});
