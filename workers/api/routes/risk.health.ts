import { riskHealthSchema } from '#shared/protocol/risk.ts';
import { presentRiskHealth } from '#shared/protocol/present/risk-health.ts';
import { viewAccount } from '../account-view.ts';
import { defineOperation } from '../operation.ts';

export const riskHealth = defineOperation({
  method: 'GET',
  path: '/api/risk/health',
  tag: 'Risk',
  summary: 'How far your positions are from their liquidation',
  auth: 'bearer',
  rate: 'data',
  status: 200,
  answer: riskHealthSchema,
  refusals: ['CHAIN_001'],
  handle: async ({ session, services }) => {
    const { view, snapshotOf } = await viewAccount(services, session.wallet);
    return presentRiskHealth(view, snapshotOf, services.clock.nowMs());
  },
});
