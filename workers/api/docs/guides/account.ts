import type { Guides } from '../guide.ts';

/** Positions, history, money and risk of the trader. */
export const accountGuides: Guides = {
  'GET /api/trading/positions': {
    description: `Your open positions at live prices, at most one per market. Figures that need a price are null while the market has none.`,
    example: { typescript: `const positions = await client.positions.list();` },
  },
  'GET /api/trading/positions/costs': {
    description: `What each open position paid since it was opened: funding (negative where received), borrow, fees and price impact, as its trades, liquidations and settlements realised them. What it owes since the last of them is in \`funding_owed\` and \`borrow_owed\` of the position. A flip opens another position, which begins at 0. It follows the chain by a moment.`,
    example: { typescript: `const costs = await client.positions.costs();` },
  },
  'GET /api/trading/positions/{id}/history': {
    description: `Everything that changed a position, newest first: openings, increases, reductions, margin, liquidations, with the transaction of each.`,
    example: {
      params: { id: '$POSITION_ID' },
      typescript: `const { items } = await client.positions.history(positionId);`,
    },
  },
  'POST /api/trading/positions/{id}/margin': {
    description: `Moves USDC between your collateral and a position: positive adds and lowers the leverage, negative removes as far as the initial margin stays. Answers the command as an order (\`intent\` \`add_margin\` or \`remove_margin\`); removing waits for an eligible price.`,
    example: {
      params: { id: '$POSITION_ID' },
      body: { amount: 5 },
      headers: { 'Idempotency-Key': 'example-margin-1' },
      typescript: `const order = await client.positions.changeMargin(positionId, usdc('5'), 'example-margin-1');`,
    },
  },
  'POST /api/trading/positions/{id}/close': {
    description: `Closes a position, or a \`share\` of it, by a reduce-only market order at the next eligible price, and answers that order. It waits for none of your orders that may open. Without \`max_slippage_bps\` your default bound holds.`,
    example: {
      params: { id: '$POSITION_ID' },
      body: { share: 0.25 },
      headers: { 'Idempotency-Key': 'example-close-1' },
      typescript: `const order = await client.positions.close(positionId, 'example-close-1', { shareBps: 2_500 });`,
    },
  },
  'GET /api/trading/fills': {
    description: `Your executions, newest first, each with the price's publish time and its transaction. They are read from the chain's events and follow the order by a moment.`,
    example: {
      query: { symbol: 'SOL-PERP', limit: '10' },
      typescript: `const { items } = await client.history.fills({ symbol: 'SOL-PERP', limit: 10 });`,
    },
  },
  'GET /api/trading/liquidations': {
    description: `Liquidations of your positions, newest first. \`full\` is false where a part was enough to restore the margin.`,
    example: { typescript: `const { items } = await client.history.liquidations();` },
  },
  'GET /api/trading/receipts/{signature}': {
    description: `What the program did to your positions in one transaction: every event with its feed, publish times, price, confidence, and all inputs and outputs as integers of the program's units. \`npm run verify -- SIGNATURE\` recomputes it from the chain and Pyth's history alone.`,
    example: {
      params: { signature: '$TRANSACTION_HASH' },
      typescript: `const receipt = await client.history.receipt(transactionHash);`,
    },
  },
  'GET /api/portfolio/balance': {
    description: `Your money now: \`total_balance\` is collateral plus margins plus unrealised profit, \`available_balance\` is free collateral, \`margin_used\` the sum of margins.`,
    example: { typescript: `const balance = await client.account.balance();` },
  },
  'GET /api/portfolio/withdrawal': {
    description: `A withdrawal of yours that waits because no more may leave the exchange for now; both fields are null where none does. Tickets are served in order, by anyone.`,
    example: { typescript: `const waiting = await client.account.withdrawal();` },
  },
  'GET /api/portfolio/transfers': {
    description: `Money into and out of your free collateral, newest first: deposits, withdrawals, rewards for liquidating others, and payouts that had waited for the pool. A \`queued\` withdrawal says in \`paid\` how much of it has left so far.`,
    example: {
      query: { limit: '10' },
      typescript: `const { items } = await client.account.transfers({ limit: 10 });`,
    },
  },
  'GET /api/portfolio/delegate': {
    description: `Your delegation as it stands on chain: until when the exchange may execute your orders without your signature, and how much notional it may open in 24 hours. Change it with the actions \`set_delegate\` and \`revoke_delegate\` of POST /api/trading/transactions.`,
    example: { typescript: `const delegate = await client.account.delegate();` },
  },
  'GET /api/risk/alerts': {
    description: `Margin warnings and liquidations of your positions, newest first. A warning is raised once when the equity falls below 1.5 times the maintenance margin; the account socket's \`risk\` channel tells it at once.`,
    example: {
      query: { limit: '10' },
      typescript: `const { items } = await client.history.alerts({ limit: 10 });`,
    },
  },
  'POST /api/trading/transactions': {
    description: `Builds a transaction for your wallet to sign. Money enters and leaves only this way. \`summary\` says in words what the signature allows; sign the transaction unchanged and submit it within 10 minutes.`,
    example: {
      body: { action: 'deposit', params: { amount: 250 } },
      typescript: `const built = await client.transactions.build({ action: 'deposit', params: { amount: usdc('250') } });`,
    },
  },
  'POST /api/trading/transactions/submit': {
    description: `Checks a signed transaction against what was built, signs for the exchange where that is needed, simulates and sends it. Sent twice it lands once: after a lost answer submit the same transaction again. Wallets may add instructions of the compute budget and Lighthouse; anything else is refused.`,
    example: {
      body: { transaction: '$SIGNED_TRANSACTION' },
      headers: { 'Idempotency-Key': 'example-submit-1' },
      typescript: `const sent = await client.transactions.submit(signedTransaction, 'example-submit-1');`,
    },
  },
  'GET /api/trading/funding': {
    description: `Funding and borrow that your positions paid or received, newest first: with every change of a position, and whenever it is settled.`,
    example: {
      query: { limit: '10' },
      typescript: `const { items } = await client.history.funding({ limit: 10 });`,
    },
  },
  'GET /api/portfolio/history': {
    description: `Your equity, profit and loss, fees and drawdown over time, newest first: the last point of each interval. Points are taken every 5 minutes while there is something to value.`,
    example: {
      query: { interval: '1h' },
      typescript: `const { items } = await client.account.history({ interval: '1h' });`,
    },
  },
  'GET /api/portfolio/export.csv': {
    description: `Everything that changed your money as one CSV file, oldest first: fills, liquidations, funding, deposits and withdrawals. At most 200,000 lines; a longer file breaks off, so that nobody takes a part for the whole: ask for a shorter time with \`from\` and \`to\`.`,
    example: { typescript: `const csv = await client.account.exportCsv();` },
  },
  'GET /api/pool/me': {
    description: `Your shares of the liquidity pool, what they stand for now, and your request on its way, if any.`,
    example: { typescript: `const mine = await client.pool.me();` },
  },
  'GET /api/risk/health': {
    description: `How far each of your positions is from its liquidation: margin ratio beside the ratio below which it is liquidated, and the distance of the price. \`warning\` begins at 1.5 times the maintenance margin.`,
    example: { typescript: `const health = await client.risk.health();` },
  },
  'GET /api/risk/liquidatable': {
    description: `Positions below their maintenance margin at the newest price, each with every account that \`liquidate_position\` takes. Anyone may send that instruction and is paid a share of the fee: \`examples/liquidator.ts\` does it in about a hundred lines. The program decides again at the moment of the transaction; being too late is no error of yours.`,
    example: {
      query: { symbol: 'SOL-PERP' },
      typescript: `const candidates = await client.risk.liquidatable({ symbol: 'SOL-PERP' });`,
    },
  },
};
