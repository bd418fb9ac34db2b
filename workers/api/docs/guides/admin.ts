import type { Guides } from '../guide.ts';

const stepUp = { 'X-Step-Up': '$STEP_UP_TOKEN' } as const;

/** For operators. Powers on chain stay with their wallets: these routes only build such transactions. */
export const adminGuides: Guides = {
  'GET /api/admin/users': {
    description: `Users, newest first, by the beginning of their wallet, the outcome of their identity check, or whether they are active.`,
    example: {
      query: { limit: '10' },
      typescript: `const { items } = await client.admin.users({ limit: 10 });`,
    },
  },
  'PATCH /api/admin/users/{wallet}': {
    description: `Closes or opens the API for a wallet, or sets the outcome of its identity check. It counts for the wallet's orders at once: \`is_active: false\` ends its sessions and cancels its open orders, \`kyc_status: "rejected"\` refuses opening and lets reducing go on. What a wallet signs itself keeps working on chain.`,
    example: {
      params: { wallet: '$WALLET' },
      headers: stepUp,
      body: { kyc_status: 'verified' },
      typescript: `const user = await client.admin.changeUser(wallet, { kyc_status: 'verified' }, stepUpToken);`,
    },
  },
  'GET /api/admin/dead-letters': {
    description: `Queue messages that failed every attempt, with the last error, newest first.`,
    example: {
      query: { status: 'stored' },
      typescript: `const { items } = await client.admin.deadLetters({ status: 'stored' });`,
    },
  },
  'POST /api/admin/dead-letters/{id}/replay': {
    description: `Puts a dead letter back into its queue. Whoever takes it asks the chain whether it still holds, so that replaying twice does no harm; one that was settled stays as it is.`,
    example: {
      params: { id: '$DEAD_LETTER_ID' },
      headers: stepUp,
      typescript: `const letter = await client.admin.replayDeadLetter(deadLetterId, stepUpToken);`,
    },
  },
  'POST /api/admin/dead-letters/{id}/discard': {
    description: `Settles a dead letter without sending it; one that was settled stays as it is.`,
    example: {
      params: { id: '$DEAD_LETTER_ID' },
      headers: stepUp,
      typescript: `const letter = await client.admin.discardDeadLetter(deadLetterId, stepUpToken);`,
    },
  },
  'GET /api/admin/markets/{symbol}/switches': {
    description: `What is switched off in a market: since when, by whom and why.`,
    example: {
      params: { symbol: 'SOL-PERP' },
      typescript: `const switches = await client.admin.switches('SOL-PERP');`,
    },
  },
  'PUT /api/admin/markets/{symbol}/switches': {
    description: `Switches \`open\`, \`close\`, \`trigger\` or \`liquidate\` of a market off, or on again. It holds at once, survives restarts, and is asked again when an order executes: what was accepted before is refused with \`MARKET_005\`.`,
    example: {
      params: { symbol: 'SOL-PERP' },
      headers: stepUp,
      body: { operation: 'open', off: false, reason: 'The oracle is well again' },
      typescript: `const switches = await client.admin.setSwitch(
  'SOL-PERP',
  { operation: 'open', off: false, reason: 'The oracle is well again' },
  stepUpToken,
);`,
    },
  },
  'GET /api/admin/risk-events': {
    description: `What the risk engine reports, newest first: brakes, stuck feeds, lags, unusual rates of liquidation. \`resolved_at\` is null while it lasts.`,
    example: {
      query: { resolved: 'false' },
      typescript: `const { items } = await client.admin.riskEvents({ resolved: false });`,
    },
  },
  'GET /api/admin/actions': {
    description: `What operators did, newest first, each with its request.`,
    example: {
      query: { limit: '10' },
      typescript: `const { items } = await client.admin.actions({ limit: 10 });`,
    },
  },
  'GET /api/admin/proposals': {
    description: `Changes of parameters and roles that wait on chain, each value beside the one it replaces, and from when to when it can be executed.`,
    example: { typescript: `const proposals = await client.admin.proposals();` },
  },
  'POST /api/admin/transactions': {
    description: `Builds a use of a role of the program: pausing, a market's status, and proposing, executing or cancelling a change. The signed-in wallet signs it, pays for it and sends it itself; the exchange holds no such key.`,
    example: {
      body: { action: 'set_market_status', params: { symbol: 'SOL-PERP', status: 'active' } },
      typescript: `const built = await client.admin.buildTransaction({
  action: 'set_market_status',
  params: { symbol: 'SOL-PERP', status: 'active' },
});`,
    },
  },
};
