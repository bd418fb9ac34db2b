import type { Guides } from '../guide.ts';

/** Signing in, sessions and the profile. */
export const identityGuides: Guides = {
  'POST /api/auth/nonce': {
    description: `Gives the exact Sign-In-With-Solana text for a wallet to sign: it names this exchange, the chain and the wallet, and works once within 5 minutes. Asking creates nothing on our side.`,
    example: {
      body: { wallet_address: '$WALLET' },
      typescript: `const { message } = await client.auth.nonce(wallet);`,
    },
  },
  'POST /api/auth/login': {
    description: `Exchanges the signed text for an access token (15 minutes) and a refresh token (30 days, works once). Send the text unchanged, byte for byte, with the wallet's ed25519 signature in base58. The first sign-in of a wallet creates its user.

A lost answer: ask for a new nonce and sign in again; the text of the first attempt may be used up.`,
    example: {
      body: { wallet_address: '$WALLET', message: '$MESSAGE', signature: '$SIGNATURE' },
      typescript: `const session = await client.auth.login(wallet, message, signature);`,
    },
  },
  'POST /api/auth/refresh': {
    description: `Exchanges a refresh token for a new pair. Each refresh token works once: using one a second time ends the whole session, because somebody else may have it. Keep one refresh in flight at a time.`,
    example: {
      body: { refresh_token: '$REFRESH_TOKEN' },
      typescript: `const session = await client.auth.refresh(refreshToken);`,
    },
  },
  'POST /api/auth/logout': {
    description: `Ends this session: its refresh token is void at once, and its access token trades no more. Answers 204 without a body.`,
    example: { typescript: `await client.auth.logout();` },
  },
  'GET /api/users/me': {
    description: `Your profile: wallet, standing (\`kyc_status\`, \`is_active\`), \`risk_level\` and trading preferences.`,
    example: { typescript: `const me = await client.account.me();` },
  },
  'PATCH /api/users/me': {
    description: `Changes what you name and leaves the rest; \`trading_preferences\` are replaced as a whole. \`risk_level\` caps the leverage of orders that name none: 3× conservative, 10× moderate, 20× aggressive.`,
    example: {
      body: { risk_level: 'moderate' },
      typescript: `const me = await client.account.change({ risk_level: 'moderate' });`,
    },
  },
  'GET /api/users/me/export': {
    description: `One JSON file of everything that is stored about you: e-mail address, sessions, and for each table of the database a list of your rows, with the columns' names and numbers to the last digit, a conversation with what was said in it, orders, fills and the rest. At most 200,000 rows; a longer file breaks off, so that nobody takes a part for the whole.`,
    example: { typescript: `const file = await client.account.exportData();` },
  },
  'DELETE /api/users/me': {
    description: `Erases what is your person: e-mail address, preferences, last sign-in, conversations, analyses, warnings, counts of model use before today; and ends every session, programs' too. Your trades stay: they are on the blockchain, and the exchange's books mirror it; open orders and positions go on, so cancel and close first what you want gone. The answer says what is kept. Needs a fresh signature. Signing in again begins anew.`,
    example: {
      headers: { 'X-Step-Up': '$STEP_UP_TOKEN' },
      typescript: `const erased = await client.account.eraseData(stepUpToken);`,
    },
  },
  'POST /api/auth/step-up': {
    description: `Some operations want a fresh signature besides the access token. Name the request: its method and path, and the \`body\` that it will be sent with, if it takes one. The text you get says all of it in words; sign it, and send the same again with \`message\` and \`signature\` for the token. It goes into the header \`X-Step-Up\` of that one request, once, within 5 minutes, from the session that asked. Another path or another body needs another signature; the order of fields, and defaults left out, make no other body.`,
    example: {
      body: { operation: 'POST /api/auth/sessions', body: { name: 'market maker', expires_in_days: 30 } },
      typescript: `const text = await client.auth.stepUpText({
  operation: 'POST /api/auth/sessions',
  body: { name: 'market maker', expires_in_days: 30 },
});`,
    },
  },
  'GET /api/auth/sessions': {
    description: `Every session of your wallet that stands, newest first, with when it was last used. \`is_current\` marks the one that asks.`,
    example: { typescript: `const sessions = await client.auth.sessions();` },
  },
  'POST /api/auth/sessions': {
    description: `Creates a named session for a program: tokens of its own, and an end that no refresh moves. Ending your sign-in leaves it standing. Needs a fresh signature, so that a stolen access token cannot make itself last.`,
    example: {
      headers: { 'X-Step-Up': '$STEP_UP_TOKEN' },
      body: { name: 'market maker', expires_in_days: 30 },
      typescript: `const session = await client.auth.createSession(
  { name: 'market maker', expiresInDays: 30 },
  stepUpToken,
);`,
    },
  },
  'DELETE /api/auth/sessions/{id}': {
    description: `Ends one session: its refresh token is void at once and its access token trades no more. Its account sockets close with 4001.`,
    example: {
      params: { id: '$SESSION_ID' },
      typescript: `await client.auth.endSession(sessionId);`,
    },
  },
  'DELETE /api/auth/sessions': {
    description: `Ends every session of your wallet but the one that asks, API sessions too, and says how many those were.`,
    example: { typescript: `const { ended } = await client.auth.endOtherSessions();` },
  },
};
