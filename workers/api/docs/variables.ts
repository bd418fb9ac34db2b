/** A variable of the examples: `$NAME` in the shell, `name` in TypeScript. */
export interface ExampleVariable {
  readonly shell: string;
  readonly typescript: string;
  readonly meaning: string;
}

const variable = (shell: string, typescript: string, meaning: string): ExampleVariable => ({
  shell,
  typescript,
  meaning,
});

/** Every variable that an example may use, in the order in which a session comes by them. */
export const exampleVariables: readonly ExampleVariable[] = [
  variable('API', 'api', 'Address of the exchange, `http://127.0.0.1:8787` on the local network'),
  variable('WALLET', 'wallet', 'Address of your wallet'),
  variable('MESSAGE', 'message', 'Text to sign, as an answer gave it: in the shell the JSON string with its quotes'),
  variable('SIGNATURE', 'signature', "The wallet's signature of that text, base58"),
  variable('TOKEN', 'token', 'Access token, from signing in'),
  variable('REFRESH_TOKEN', 'refreshToken', 'Refresh token, from signing in'),
  variable('SESSION_ID', 'sessionId', 'One of your sessions, from the list of sessions'),
  variable('SIGNED_TRANSACTION', 'signedTransaction', 'A transaction built for you and signed by your wallet, base64'),
  variable('ORDER_ID', 'orderId', 'One of your orders'),
  variable('POSITION_ID', 'positionId', 'One of your open positions'),
  variable('TRANSACTION_HASH', 'transactionHash', 'Signature of a transaction in which you traded'),
  variable('CONVERSATION_ID', 'conversationId', 'One of your conversations with the assistant'),
  variable('ADMIN_TOKEN', 'adminToken', "An administrator's access token"),
  variable('STEP_UP_TOKEN', 'stepUpToken', 'Fresh consent of the wallet to one request, from stepping up'),
  variable('USER_ID', 'userId', 'A user'),
  variable('DEAD_LETTER_ID', 'deadLetterId', 'A dead letter, from the list of dead letters'),
];

/** Written into JSON as it is: its value is JSON already. */
export const isJsonVariable = (shell: string): boolean => shell === 'MESSAGE';
