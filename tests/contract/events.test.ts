import { Transaction } from '@solana/web3.js';
import bs58 from 'bs58';
import { expect, it } from 'vitest';
import idl from '#program/quantdesk_perp_dex.json' with { type: 'json' };
import { EVENT_NAMES } from '#shared/events.ts';
import { PROGRAM_ID, addresses } from '#support/program/addresses.ts';
import { TestExchange, defaultConfig, must } from '#support/program/exchange.ts';
import { executeChange, proposeChange } from '#support/program/governance.ts';
import { decodeEvents } from '../../workers/indexer/event-decoder.ts';

it('every event of the program is known by name, so that every reader decides about it', () => {
  expect([...EVENT_NAMES].sort()).toEqual(idl.events.map(({ name }) => name).sort());
});

it('an executed change of parameters has its place in the stream of the market it names', async () => {
  const exchange = await TestExchange.create();
  const { admin, chain, market } = exchange;
  const change = { marketConfig: { marketIndex: market.index, config: { ...defaultConfig(), weightBps: 9_000 } } };
  const propose = await proposeChange(admin.publicKey, admin.publicKey, 0n, change);
  must(exchange.send([propose], [admin]));
  must(await exchange.settle(market));
  const before = chain.fetch('market', market.key).eventSeq;

  const transaction = new Transaction({ recentBlockhash: chain.freshBlockhash(), feePayer: chain.feePayer.publicKey });
  transaction.add(await executeChange(0n, admin.publicKey, change)).sign(chain.feePayer);
  const keys = transaction.compileMessage().accountKeys;
  const result = chain.vm.execute(transaction.serialize());
  expect(result.error).toBeNull();
  const events = decodeEvents(
    {
      signature: 'signature',
      slot: 1,
      blockTimeMs: 0,
      failed: false,
      innerInstructions: result.inner.flat().map(({ programIdIndex, accounts, data }) => ({
        program: keys[programIdIndex]?.toBase58() ?? '',
        accounts: [...accounts].map((index) => keys[index]?.toBase58() ?? ''),
        data: bs58.encode(data),
      })),
    },
    { program: PROGRAM_ID.toBase58(), eventAuthority: addresses.eventAuthority.toBase58() },
  );
  expect(events).toMatchObject([
    { name: 'ChangeExecuted', streams: { market: { symbol: 'SOL-PERP', seq: before + 1n } } },
  ]);
});
