import { env } from 'cloudflare:workers';
import { afterAll, describe, expect, it } from 'vitest';
import { call } from '../api/caller.ts';
import { ApiTrader } from '../api/trader.ts';
import { controlHermes, resetHermes, until } from '../market/hermes-control.ts';
import { base, e8, setPrice, untilPrice, Wallet } from './wallet.ts';

interface ShownMarket {
  readonly restrictions: readonly { readonly operation: string; readonly reason: string }[];
}

const snapshot = () => env.MARKETS.getByName('SOL-PERP').snapshot();
const shown = async () => (await call<ShownMarket>('GET', '/api/market/stats?symbol=SOL-PERP')).body.restrictions;

/** More than a doubling, which is what trips the brake of a test; its average does not follow. */
const jump = () => controlHermes({ price: { base: 'SOL', usd: '270', ema: '262', conf: '0.01' } });
const confirm = () => setPrice('270');

const testTimeoutMs = 60_000;

describe(
  'a price that jumps makes its market reduce-only until its average confirms it',
  { timeout: testTimeoutMs },
  () => {
    afterAll(resetHermes);

    it('opening is refused when placed and when a resting order would execute, reducing goes on, and afterwards all is as before', async () => {
      await setPrice('150');
      await untilPrice(150n);
      const [trader, waiting, caller] = await Promise.all([
        Wallet.open(1_000n),
        Wallet.open(1_000n),
        ApiTrader.open(1_000),
      ]);
      await setPrice('270');
      await untilPrice(270n);
      // Opened at the upper price and without leverage: neither of the two prices closes it.
      const held = await trader.place({ quantity: base(2n), leverageE2: 100 });
      await trader.reached(held.orderId, 'filled');
      await setPrice('130');
      await untilPrice(130n);
      const resting = await waiting.place({ side: 'sell', orderType: 'limit', price: e8(265n) });
      await waiting.reached(resting.orderId, 'resting');

      await jump();
      expect(await waiting.reached(resting.orderId, 'rejected', 'filled')).toMatchObject({
        stage: 'rejected',
        error: { code: 'MARKET_004', message: expect.stringContaining('270') },
        attempts: [],
      });
      expect((await snapshot()).controls.brake).toMatchObject({ kind: 'price_move' });
      expect(await shown()).toMatchObject([{ operation: 'open', reason: 'price_move' }]);
      expect(await caller.place({})).toMatchObject({ status: 422, body: { code: 'MARKET_004' } });
      const flip = await caller.place({ side: 'sell', quantity: 3 });
      expect(flip.body.code).toBe('MARKET_004');
      const part = await trader.place({ side: 'sell', quantity: base(1n), reduceOnly: true });
      expect((await trader.reached(part.orderId, 'filled', 'rejected')).stage).toBe('filled');
      expect((await snapshot()).controls.brake).not.toBeNull();

      await confirm();
      await until('the brake lets go', async () => (await snapshot()).controls.brake === null);
      await until('the restriction is gone', async () => (await shown()).length === 0);
      const opened = await caller.place({});
      expect(opened).toMatchObject({ status: 201, body: { status: 'filled' } });
    });
  },
);
