import { describe, expect, it } from 'vitest';
import { createLogger } from './logger.ts';

/** Put together here, so that no search for secrets finds one. */
const jwt = ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiJhIn0', 'c2lnbmF0dXJl'].join('.');
const providerKey = ['sk', 'ant', 'not-a-key-00'].join('-');

const logged = (fields: Record<string, unknown>): string => {
  let written = '';
  createLogger({ write: (_level, line) => (written = line) }).error('failed', fields);
  return written;
};

describe('a log line', () => {
  it.each([
    ['an access token', jwt, `bad token ${jwt}`],
    ['a bearer', 'metrics-token-of-thirty-two-characters', 'sent Bearer metrics-token-of-thirty-two-characters'],
    ['an e-mail address', 'jane.doe+x@mail.example.com', 'Key (email)=(jane.doe+x@mail.example.com) already exists'],
    ['a database password', 'hunter2', 'connecting to postgres://app:hunter2@db.example/quantdesk'],
    ['a node’s key', 'abc123', 'POST https://rpc.example/?api-key=abc123 failed'],
    ['a provider’s key', providerKey, `refused ${providerKey}`],
  ])('carries never %s, in a field or in an error', (_what, secret, text) => {
    expect(logged({ reason: text })).not.toContain(secret);
    expect(logged({ error: new Error(text) })).not.toContain(secret);
    expect(logged({ nested: { list: [text] } })).not.toContain(secret);
  });

  it('carries never a field whose name says what it is', () => {
    for (const name of ['token', 'refresh_token', 'accessToken', 'email', 'password', 'Authorization', 'ip'])
      expect(logged({ [name]: 'plain' })).not.toContain('plain');
  });

  it('keeps what leads through the exchange: wallets, orders, signatures', () => {
    const signature = '5VERv8NMvzbJMEkV8xnrLkEaWRtSz9CosKDYjCJjBRnbJLgp8uirBgmQpjKhoR4tjF3ZpRzrFmBV6UjKdiSZkQUW';
    const kept = { signature, order_id: '0195d6c2-0000-7000-8000-000000000001', key: 'SOL-PERP', wallet: signature };
    for (const value of Object.values(kept)) expect(logged(kept)).toContain(value);
  });
});
