import type { SolanaSignInInput } from '@solana/wallet-standard-features';

/** Labels of the Sign-In-With-Solana text and the fields they fill. */
const labels = {
  URI: 'uri',
  Version: 'version',
  'Chain ID': 'chainId',
  Nonce: 'nonce',
  'Issued At': 'issuedAt',
  'Expiration Time': 'expirationTime',
  'Not Before': 'notBefore',
  'Request ID': 'requestId',
} as const;

const heading = / wants you to sign in with your Solana account:$/;

/**
 * The fields of a Sign-In-With-Solana text, for wallets that write the text themselves. Undefined when the text is not of that form: then
 * it can still be signed as it is.
 */
export function readSignInMessage(message: string): SolanaSignInInput | undefined {
  const [first = '', address = '', ...rest] = message.split('\n');
  if (!heading.test(first) || address === '') return undefined;
  const fields: Record<string, string> = {};
  const statement: string[] = [];
  for (const line of rest) {
    const [, label = '', value = ''] = /^([A-Z][A-Za-z ]*): (.+)$/.exec(line) ?? [];
    if (label in labels) fields[labels[label as keyof typeof labels]] = value;
    else if (line !== '' && Object.keys(fields).length === 0) statement.push(line);
  }
  return {
    domain: first.replace(heading, ''),
    address,
    ...(statement.length === 0 ? {} : { statement: statement.join('\n') }),
    ...fields,
  };
}
