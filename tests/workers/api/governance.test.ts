import { ed25519 } from '@noble/curves/ed25519.js';
import { Keypair, VersionedTransaction } from '@solana/web3.js';
import bs58 from 'bs58';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import type { ErrorResponse } from '#shared/protocol/errors.ts';
import { adminTransactionRequestSchema, type ProposalDto } from '#shared/protocol/governance.ts';
import { buildAdminTransaction } from '../../../workers/api/admin-transactions.ts';
import { chainOf } from '../../../workers/chain/chain.ts';
import { readExchange, readStanding } from '../../../workers/chain/governance.ts';
import { bytesOfBase64 } from '../../../workers/chain/rpc.ts';
import { signatureOf, wireOf } from '../../../workers/chain/transactions.ts';
import { newWallet, settings } from './caller.ts';
import { Operator } from './operator.ts';

interface Built {
  readonly transaction: string;
  readonly summary: readonly string[];
  readonly last_valid_block_height: number;
}

let operator: Operator;
const chain = () => chainOf(settings());
beforeAll(async () => {
  operator = await Operator.signedIn();
});

const build = <Body = Built>(action: string, params: object) =>
  operator.call<Body>('POST', '/api/admin/transactions', { body: { action, params } });

/** Signs with the operator's wallet alone, and sends it without us. */
async function signAndSend({ transaction, last_valid_block_height }: Built): Promise<void> {
  const parsed = VersionedTransaction.deserialize(bytesOfBase64(transaction));
  parsed.sign([Keypair.fromSecretKey(bs58.decode(inject('adminSecretKey')))]);
  await chain().rpc.sendTransaction(wireOf(parsed));
  const sent = { signature: signatureOf(parsed), lastValidBlockHeight: last_valid_block_height };
  expect(await chain().confirm(sent, 10_000)).toMatchObject({ kind: 'landed' });
}

async function act(action: string, params: object): Promise<Built> {
  const { status, body } = await build<Built & Partial<ErrorResponse>>(action, params);
  if (status !== 200) throw new Error(`${action}: ${JSON.stringify(body)}`);
  await signAndSend(body);
  return body;
}

const proposals = async () => (await operator.call<ProposalDto[]>('GET', '/api/admin/proposals')).body;

describe('a use of a role of the program', () => {
  it('is a transaction that the wallet signs, pays for and sends alone: nobody else’s signature is asked or given', async () => {
    const { body } = await build('pause_operations', { operations: ['deposit'] });
    const { message, signatures } = VersionedTransaction.deserialize(bytesOfBase64(body.transaction));
    expect(message.header.numRequiredSignatures).toBe(1);
    expect(message.staticAccountKeys[0]?.toBase58()).toBe(operator.wallet.address);
    expect(signatures.every((signature) => signature.every((byte) => byte === 0))).toBe(true);
  });

  it('pauses operations of the exchange and resumes them', async () => {
    const { summary } = await act('pause_operations', { operations: ['deposit', 'pool'] });
    expect(summary).toEqual(['Pause on the whole exchange: deposit, pool']);
    expect((await readExchange(chain())).pausedOperations).toBe(4 | 8);
    await act('resume_operations', { operations: ['pool', 'deposit'] });
    expect((await readExchange(chain())).pausedOperations).toBe(0);
  });

  it('changes the status of a market', async () => {
    await act('set_market_status', { symbol: 'ETH-PERP', status: 'reduce_only' });
    expect((await chain().readMarket('ETH-PERP'))?.status).toBe('reduce_only');
    await act('set_market_status', { symbol: 'ETH-PERP', status: 'active' });
    expect((await chain().readMarket('ETH-PERP'))?.status).toBe('active');
  });

  it('is refused to a wallet whose role the program does not know, whatever the settings call it', async () => {
    const { address } = newWallet();
    const requests = [
      { action: 'pause_operations', params: { operations: ['open'] } },
      { action: 'set_market_status', params: { symbol: 'ETH-PERP', status: 'halted' } },
      { action: 'propose_change', params: { kind: 'exchange_limits', values: { lp_fee_bps: 20 } } },
      { action: 'cancel_change', params: { proposal_id: 0 } },
    ] as const;
    for (const request of requests) {
      const parsed = adminTransactionRequestSchema.parse(request);
      const built = await buildAdminTransaction(chain(), address, parsed, Date.now());
      expect(built).toMatchObject({ ok: false, error: { code: 'AUTH_007' } });
    }
  });

  it.each([
    ['pause_operations', { operations: [] }],
    ['pause_operations', { operations: ['withdraw'] }],
    ['set_market_status', { symbol: 'ETH-PERP', status: 'closed' }],
    ['propose_change', { kind: 'market_config', symbol: 'ETH-PERP', values: {} }],
    ['propose_change', { kind: 'market_config', symbol: 'ETH-PERP', values: { admin: 'me' } }],
    ['propose_change', { kind: 'market_config', symbol: 'ETH-PERP', values: { fee_bps: -1 } }],
    ['propose_change', { kind: 'exchange_limits', symbol: 'ETH-PERP', values: { lp_fee_bps: 1 } }],
    ['withdraw_treasury', { amount: 1 }],
  ])('is not built of %s with %o', async (action, params) => {
    const { status, body } = await build<ErrorResponse>(action, params);
    expect([status, body.code]).toEqual([400, 'VALIDATION_001']);
  });
});

describe('a change by proposal', () => {
  it('keeps what it does not name, is shown with before and after in readable units, and is put in force', async () => {
    const before = await readStanding(chain(), 'market_config', 'ETH-PERP');
    const values = { fee_bps: 7, max_long_oi: 2_100.5, borrow_base: 0.000006 };
    const { summary } = await act('propose_change', { kind: 'market_config', symbol: 'ETH-PERP', values });
    expect(summary.slice(1)).toEqual([
      'fee_bps (bps): 6 → 7',
      'max_long_oi (base): 2000 → 2100.5',
      'borrow_base (rate_per_hour): 0.000005 → 0.000006',
    ]);
    const [proposal = expect.fail()] = await proposals();
    expect(proposal).toMatchObject({
      kind: 'market_config',
      symbol: 'ETH-PERP',
      changes: [
        { field: 'fee_bps', unit: 'bps', before: '6', after: '7' },
        { field: 'max_long_oi', unit: 'base', before: '2000', after: '2100.5' },
        { field: 'borrow_base', unit: 'rate_per_hour', before: '0.000005', after: '0.000006' },
      ],
    });
    const days = (Date.parse(proposal.executable_to) - Date.parse(proposal.executable_from)) / 86_400_000;
    expect(days).toBe(14);
    await act('execute_change', { proposal_id: proposal.proposal_id });
    const after = await readStanding(chain(), 'market_config', 'ETH-PERP');
    expect(after.values).toEqual({ ...before.values, fee_bps: 7, max_long_oi: 210_050_000_000n, borrow_base: 6_000n });
    expect((await proposals()).some(({ proposal_id }) => proposal_id === proposal.proposal_id)).toBe(false);
    await act('propose_change', {
      kind: 'market_config',
      symbol: 'ETH-PERP',
      values: { fee_bps: 6, max_long_oi: 2_000, borrow_base: 0.000005 },
    });
    await act('execute_change', { proposal_id: proposal.proposal_id + 1 });
    expect(await readStanding(chain(), 'market_config', 'ETH-PERP')).toEqual(before);
  });

  it.each([
    ['market_oracle', { symbol: 'BTC-PERP' }, { max_staleness_seconds: 40 }, 'max_staleness_seconds', '30', '40'],
    ['exchange_limits', {}, { lp_fee_bps: 20 }, 'lp_fee_bps', '10', '20'],
    ['outflow_limits', {}, { cap: 2_500_000.5 }, 'cap', '2000000', '2500000.5'],
    ['insurance_topup', {}, { cap_per_hour: 2 }, 'cap_per_hour', '1', '2'],
  ])('of %s is proposed and cancelled, and nothing of it happens', async (kind, of, values, field, before, after) => {
    await act('propose_change', { kind, ...of, values });
    const [proposal = expect.fail()] = await proposals();
    expect(proposal.changes).toMatchObject([{ field, before, after }]);
    await act('cancel_change', { proposal_id: proposal.proposal_id });
    expect(await proposals()).toEqual([]);
  });

  it('of a role names the other one as it stands', async () => {
    const riskManager = bs58.encode(ed25519.getPublicKey(ed25519.utils.randomSecretKey()));
    await act('propose_change', { kind: 'roles', values: { risk_manager: riskManager } });
    const [proposal = expect.fail()] = await proposals();
    expect(proposal.changes).toEqual([
      { field: 'risk_manager', unit: 'address', before: operator.wallet.address, after: riskManager },
    ]);
    await act('cancel_change', { proposal_id: proposal.proposal_id });
  });

  it('that the program would refuse, that changes nothing or that is not there, is refused before anything is signed', async () => {
    const of = { kind: 'market_config', symbol: 'ETH-PERP' };
    const beyond = await build<ErrorResponse>('propose_change', { ...of, values: { max_leverage: 101 } });
    expect(beyond.status).toBe(422);
    const same = await build<ErrorResponse>('propose_change', { ...of, values: { max_leverage: 50 } });
    expect(same.body.code).toBe('VALIDATION_001');
    for (const action of ['execute_change', 'cancel_change'])
      expect((await build<ErrorResponse>(action, { proposal_id: 4_000 })).body.code).toBe('AUTH_015');
  });
});
