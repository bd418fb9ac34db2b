import * as z from 'zod';
import {
  adminTransactionRequestSchema,
  builtAdminTransactionSchema,
  proposalDtoSchema,
} from '#shared/protocol/governance.ts';
import { readProposals } from '../../chain/governance.ts';
import { buildAdminTransaction } from '../admin-transactions.ts';
import { recordUrgentDeed } from '../admin-log.ts';
import { unwrap } from '../errors.ts';
import { defineOperation } from '../operation.ts';
import { presentProposal } from '../present-admin.ts';

export const proposalsList = defineOperation({
  method: 'GET',
  path: '/api/admin/proposals',
  tag: 'Administration',
  summary: 'Changes of parameters and roles that wait on chain, with what they replace and from when they count',
  auth: 'admin',
  rate: 'data',
  status: 200,
  answer: z.array(proposalDtoSchema),
  refusals: ['CHAIN_001'],
  handle: async ({ services: { chain, clock } }) => {
    const proposals = await readProposals(chain);
    return proposals.map((proposal) => presentProposal(proposal, clock.nowMs()));
  },
});

export const adminTransactionsBuild = defineOperation({
  method: 'POST',
  path: '/api/admin/transactions',
  tag: 'Administration',
  summary: 'Build a use of a role of the program for your own wallet to sign, pay for and send',
  auth: 'admin',
  rate: 'sign-in',
  body: adminTransactionRequestSchema,
  status: 200,
  answer: builtAdminTransactionSchema,
  refusals: [
    'AUTH_015',
    'CHAIN_001',
    'CHAIN_002',
    'MARKET_001',
    'SYSTEM_002',
    'TRADING_021',
    'VALIDATION_004',
    'VALIDATION_005',
  ],
  handle: async ({ body, session, services, context }) => {
    const { chain, clock } = services;
    const built = unwrap(await buildAdminTransaction(chain, session.wallet, body, clock.nowMs()));
    const deed = { target: body.action, details: { summary: built.summary } };
    // Before anybody can sign it; a pause waits for no database.
    await recordUrgentDeed(services, context, session, { action: 'transactions.build', ...deed });
    return built;
  },
});
