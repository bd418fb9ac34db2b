import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { base, usdc, Wallet } from './wallet.ts';

describe('an account on the real local chain', () => {
  it('opens, deposits and delegates by one signature', async () => {
    const wallet = await Wallet.open(1_000n);
    expect((await wallet.account.state()).account).toMatchObject({ collateral: usdc(1_000n) });
  });

  it('a market order is filled at a price of a later second than its acceptance', async () => {
    const wallet = await Wallet.open(1_000n);
    const order = await wallet.place({ quantity: base(2n) });
    const filled = await wallet.reached(order.orderId, 'filled', 'rejected');
    expect(filled).toMatchObject({ stage: 'filled', status: 'filled', error: null, filledQuantity: base(2n) });
    expect(filled.attempts).toMatchObject([{ signature: filled.transactionHash, outcome: 'landed', expectedSeq: 0n }]);
    const state = await wallet.account.state();
    expect(state.positions).toMatchObject([
      { symbol: 'SOL-PERP', positionId: filled.positionId, position: { side: 'long', size: base(2n) } },
    ]);
    const market = await env.MARKETS.getByName('SOL-PERP').snapshot();
    expect(market.market?.price?.publishTime).toBeGreaterThanOrEqual(BigInt(order.eligibleFrom));
  });
});
