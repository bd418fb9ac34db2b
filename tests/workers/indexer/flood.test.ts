import { PublicKey, SystemProgram, TransactionInstruction } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import { signTransaction } from '../../../workers/chain/transactions.ts';
import { withEngine } from './own-engine.ts';
import { Trader } from './trader.ts';

const failedSpam = 1_200;
const landedSpam = 400;
const sentAtOnce = 50;
/** Transactions of one run of the engine. */
const perRunMax = 128;

/** Sends transactions that name the program, each of its own. */
async function flood(trader: Trader, count: number, build: (number: number) => TransactionInstruction): Promise<void> {
  const { rpc } = trader.chain;
  for (let at = 0; at < count; at += sentAtOnce) {
    const blockhash = await rpc.getLatestBlockhash();
    const numbers = Array.from({ length: Math.min(sentAtOnce, count - at) }, (_, index) => at + index);
    await Promise.all(
      numbers.map((number) =>
        rpc.sendTransaction(signTransaction([build(number)], trader.keypair, [], blockhash).wire),
      ),
    );
  }
}

describe('an attacker who floods the program', { timeout: 90_000 }, () => {
  it(`with ${failedSpam} transactions that fail costs no more than their list: none of them is read`, () =>
    withEngine(async ({ engine, reader, applied }) => {
      const [victim, attacker] = [await Trader.open(100n), await Trader.open(100n)];
      while (engine.status().lagSlots > 5) await engine.poll();
      await engine.nudge(await victim.deposit(1n), 10_000);
      const owner = attacker.keypair.publicKey;
      await flood(attacker, failedSpam, (number) =>
        attacker.chain.instructions.withdraw(owner, 10n ** 15n + BigInt(number)),
      );
      const [signature, reads, startedAt] = [await victim.deposit(2n), reader.reads, performance.now()];
      expect(await engine.nudge(signature, 30_000)).toHaveLength(1);
      const waited = Math.round(performance.now() - startedAt);
      console.log(`behind ${failedSpam} failed transactions: ${waited} ms, ${reader.reads - reads} read`);
      expect(reader.reads - reads).toBeLessThan(10);
      expect(applied.at(-1)).toBe(`${victim.wallet} CollateralDeposited`);
    }));

  it(`with ${landedSpam} that succeed holds up nobody who waits: his is read first, the others in their turn`, () =>
    withEngine(async ({ engine, reader }) => {
      const [victim, attacker] = [await Trader.open(100n), await Trader.open(100n)];
      const first = await victim.deposit(1n);
      while ((await engine.nudge(first, 10_000)).length === 0);
      const owner = attacker.keypair.publicKey;
      await flood(attacker, landedSpam, (number) => {
        const transfer = SystemProgram.transfer({ fromPubkey: owner, toPubkey: owner, lamports: number + 1 });
        const named = { pubkey: new PublicKey(attacker.chain.addresses.program), isSigner: false, isWritable: false };
        return new TransactionInstruction({ ...transfer, keys: [...transfer.keys, named] });
      });
      const [signature, reads, startedAt] = [await victim.deposit(3n), reader.reads, performance.now()];
      expect(await engine.nudge(signature, 30_000)).toHaveLength(1);
      const waited = Math.round(performance.now() - startedAt);
      expect(reader.reads - reads).toBeLessThanOrEqual(perRunMax);
      while (reader.reads - reads < landedSpam) await engine.poll();
      const all = Math.round(performance.now() - startedAt);
      console.log(`behind ${landedSpam} transactions that landed: ${waited} ms, all of them read after ${all} ms`);
      expect(engine.status().holes).toEqual([]);
    }));
});
