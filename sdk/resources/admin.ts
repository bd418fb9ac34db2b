import {
  adminActionSchema,
  adminUserSchema,
  deadLetterSchema,
  marketSwitchSchema,
  riskEventSchema,
  type ChangeUserRequest,
  type setSwitchRequestSchema,
} from '#shared/protocol/admin.ts';
import {
  adminTransactionRequestSchema,
  builtAdminTransactionSchema,
  proposalDtoSchema,
  type AdminTransactionRequest,
} from '#shared/protocol/governance.ts';
import * as z from 'zod';

import type { HttpClient } from '../http.ts';
import { listRequest, own, segment, type ListOptions } from './request.ts';

/**
 * Operators' requests. What changes something takes the token that `auth.stepUp` gives for exactly that request, its body included.
 *
 * @example
 * const body = { operation: 'open', off: true, reason: 'oracle under review' } as const;
 * const request = { operation: 'PUT /api/admin/markets/SOL-PERP/switches', body };
 * const text = await client.auth.stepUpText(request);
 * const token = await client.auth.stepUp(request, text, sign(text));
 * await client.admin.setSwitch('SOL-PERP', body, token);
 */
export function adminOf(http: HttpClient) {
  return {
    users: (options: ListOptions & { wallet?: string; kycStatus?: string; isActive?: boolean } = {}) =>
      http.page(
        '/api/admin/users',
        adminUserSchema,
        listRequest(options, { wallet: options.wallet, kyc_status: options.kycStatus, is_active: options.isActive }),
      ),
    changeUser: (wallet: string, change: ChangeUserRequest, stepUpToken: string) =>
      http.request('PATCH', `/api/admin/users/${segment(wallet)}`, adminUserSchema, {
        auth: true,
        body: change,
        stepUpToken,
      }),
    deadLetters: (options: ListOptions & { status?: string } = {}) =>
      http.page('/api/admin/dead-letters', deadLetterSchema, listRequest(options, { status: options.status })),
    replayDeadLetter: (id: string, stepUpToken: string) =>
      http.request('POST', `/api/admin/dead-letters/${segment(id)}/replay`, deadLetterSchema, {
        auth: true,
        stepUpToken,
      }),
    discardDeadLetter: (id: string, stepUpToken: string) =>
      http.request('POST', `/api/admin/dead-letters/${segment(id)}/discard`, deadLetterSchema, {
        auth: true,
        stepUpToken,
      }),
    switches: (symbol: string, signal?: AbortSignal) =>
      http.request('GET', `/api/admin/markets/${segment(symbol)}/switches`, z.array(marketSwitchSchema), own(signal)),
    setSwitch: (symbol: string, change: z.output<typeof setSwitchRequestSchema>, stepUpToken: string) =>
      http.request('PUT', `/api/admin/markets/${segment(symbol)}/switches`, z.array(marketSwitchSchema), {
        auth: true,
        body: change,
        stepUpToken,
      }),
    riskEvents: (options: ListOptions & { symbol?: string; resolved?: boolean } = {}) =>
      http.page(
        '/api/admin/risk-events',
        riskEventSchema,
        listRequest(options, { symbol: options.symbol, resolved: options.resolved }),
      ),
    actions: (options: ListOptions & { adminWallet?: string; target?: string } = {}) =>
      http.page(
        '/api/admin/actions',
        adminActionSchema,
        listRequest(options, { admin_wallet: options.adminWallet, target: options.target }),
      ),
    /** Changes of parameters and roles that wait on chain. */
    proposals: (signal?: AbortSignal) =>
      http.request('GET', '/api/admin/proposals', z.array(proposalDtoSchema), own(signal)),
    /** A use of a role of the program, for the operator's own wallet to sign and send. */
    buildTransaction: (request: AdminTransactionRequest) =>
      http.request('POST', '/api/admin/transactions', builtAdminTransactionSchema, {
        auth: true,
        body: z.encode(adminTransactionRequestSchema, request),
      }),
  };
}
