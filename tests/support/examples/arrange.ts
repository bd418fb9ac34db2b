import { createWallet } from '../../../examples/wallet.ts';
import type { ExampleTrader } from './trader.ts';
import type { Variables } from './run.ts';
import { type RequestToConfirm, usdc } from '#sdk/index.ts';
import { guides } from '../../../workers/api/docs/guides/index.ts';

/** Who and what an example may need. */
export interface Arranger {
  readonly trader: ExampleTrader;
  readonly admin: ExampleTrader;
  /** Somebody else who signed in, whose sessions may end. */
  readonly newcomer: () => Promise<ExampleTrader>;
  /** Puts a message into the store of dead letters; answers its id. */
  readonly deadLetter: () => Promise<string>;
}

type Arrangement = (arranger: Arranger) => Promise<Variables>;

const resting: Arrangement = async ({ trader }) => ({ ORDER_ID: await trader.restingOrder() });
const position: Arrangement = async ({ trader }) => ({ POSITION_ID: await trader.positionId() });

const conversation: Arrangement = async ({ trader: { client } }) => {
  for await (const event of client.assistant.chat({ message: 'What can you do?' })) {
    if (event.type === 'start') return { CONVERSATION_ID: event.data.conversation_id };
  }
  throw new Error('the assistant said nothing');
};

/** The request of an operation's example, with the parameter of its path. */
const confirming = (key: string, parameter = ''): RequestToConfirm => ({
  operation: key.replace(/\{\w+\}/, parameter),
  body: guides[key]?.example.body as NonNullable<RequestToConfirm['body']>,
});

const settled =
  (how: 'replay' | 'discard'): Arrangement =>
  async ({ admin, deadLetter }) => {
    const id = await deadLetter();
    const operation = `POST /api/admin/dead-letters/${id}/${how}`;
    return { DEAD_LETTER_ID: id, STEP_UP_TOKEN: await admin.stepUp({ operation }) };
  };

/** What has to exist before an operation's example works, by `METHOD path`; the variables it gives hold for that example alone. */
export const arrangements: Readonly<Record<string, Arrangement>> = {
  'POST /api/auth/login': async ({ trader: { client, wallet } }) => {
    const { message } = await client.auth.nonce(wallet.address);
    return { MESSAGE: JSON.stringify(message), SIGNATURE: wallet.signMessage(message) };
  },
  'POST /api/auth/refresh': async ({ trader }) => ({ REFRESH_TOKEN: (await trader.signIn()).refresh_token }),
  'POST /api/auth/logout': async ({ trader }) => ({ TOKEN: (await trader.signIn()).token }),
  'POST /api/auth/sessions': async ({ trader }) => ({
    STEP_UP_TOKEN: await trader.stepUp(confirming('POST /api/auth/sessions')),
  }),
  'DELETE /api/auth/sessions/{id}': async ({ trader }) => {
    await trader.signIn();
    const [other] = (await trader.client.auth.sessions()).filter((session) => !session.is_current);
    return { SESSION_ID: other?.id ?? '' };
  },
  'DELETE /api/users/me': async ({ trader, newcomer }) => {
    const leaving = await newcomer();
    const token = await leaving.stepUp({ operation: 'DELETE /api/users/me' });
    return { ...trader.variables, ...leaving.variables, STEP_UP_TOKEN: token };
  },
  'PATCH /api/trading/orders/{id}': resting,
  'POST /api/trading/positions/{id}/exits': position,
  'PATCH /api/admin/users/{wallet}': async ({ admin, trader }) => ({
    STEP_UP_TOKEN: await admin.stepUp(confirming('PATCH /api/admin/users/{wallet}', trader.wallet.address)),
  }),
  'PUT /api/admin/markets/{symbol}/switches': async ({ admin }) => ({
    STEP_UP_TOKEN: await admin.stepUp(confirming('PUT /api/admin/markets/{symbol}/switches', 'SOL-PERP')),
  }),
  'POST /api/admin/dead-letters/{id}/replay': settled('replay'),
  'POST /api/admin/dead-letters/{id}/discard': settled('discard'),
  'GET /api/trading/orders': resting,
  'GET /api/trading/orders/{id}': resting,
  'DELETE /api/trading/orders/{id}': resting,
  'DELETE /api/trading/orders': resting,
  'GET /api/trading/positions/{id}/history': position,
  'POST /api/trading/positions/{id}/margin': position,
  'POST /api/trading/positions/{id}/close': position,
  'GET /api/trading/receipts/{signature}': async ({ trader }) => ({ TRANSACTION_HASH: await trader.transactionHash() }),
  'POST /api/trading/transactions/submit': async ({ trader: { client, wallet } }) => {
    const built = await client.transactions.build({ action: 'deposit', params: { amount: usdc('10') } });
    return { SIGNED_TRANSACTION: wallet.signTransaction(built.transaction) };
  },
  'GET /api/ai/analyses': async ({ trader: { client } }) => {
    await client.assistant.analyze({ symbol: 'SOL-PERP', analysis_type: 'risk_assessment' });
    return {};
  },
  'GET /api/ai/conversations': conversation,
  'GET /api/ai/conversations/{id}': conversation,
  'DELETE /api/ai/conversations/{id}': conversation,
  'DELETE /api/ai/conversations': conversation,
  'POST /api/dev/faucet': async () => ({ WALLET: createWallet().address }),
};
