import type { Guides } from '../guide.ts';

/** The exchange itself. */
export const systemGuides: Guides = {
  'POST /api/dev/faucet': {
    description: `Local network and devnet only: sends 1 test SOL and 10,000 test USDC into a wallet, at most once a minute per wallet and within a daily budget.`,
    example: {
      body: { wallet_address: '$WALLET' },
      typescript: `const funds = await client.account.faucet(wallet);`,
    },
  },
  'GET /health': {
    description: `The worker answers. Says nothing about what it depends on: that is \`/ready\`.`,
    example: { typescript: `const health = await client.system.health();` },
  },
  'GET /ready': {
    description: `Every part that trading needs: database, chain, price age per market, indexer. 200 when all are well, 503 with the same body when one is not; the part that is not says why. A worker whose variables or secrets are missing or wrong refuses every request, and names them here.`,
    example: { typescript: `const readiness = await client.system.ready();` },
  },
};
