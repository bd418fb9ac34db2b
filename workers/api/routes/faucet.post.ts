import { faucetRequestSchema, faucetResponseSchema } from '#shared/protocol/transactions.ts';
import { refused, unwrap } from '../errors.ts';
import { defineOperation } from '../operation.ts';

export const faucetPost = defineOperation({
  method: 'POST',
  path: '/api/dev/faucet',
  tag: 'System',
  summary: 'Local and devnet: 1 test SOL and 10,000 test USDC into a wallet, at most once a minute',
  auth: 'none',
  rate: 'sign-in',
  body: faucetRequestSchema,
  status: 200,
  answer: faucetResponseSchema,
  refusals: ['CHAIN_001', 'CHAIN_003', 'RATE_002', 'SYSTEM_006', 'VALIDATION_004'],
  handle: async ({ body, services }) => {
    const { NETWORK: network, FAUCET_SECRET_KEY: key } = services.settings;
    if (network === 'mainnet' || key === undefined) throw refused('SYSTEM_006', 'There is no faucet on this network.');
    return unwrap(await services.account(body.wallet_address).faucet());
  },
});
