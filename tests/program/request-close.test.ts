import { PublicKey } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import { addresses } from '#support/program/addresses.ts';
import { eventOf } from '#support/program/chain.ts';
import { BASE, USDC, USD_PRICE, type Trader, must } from '#support/program/exchange.ts';
import * as build from '#support/program/instructions.ts';
import { bn } from '#support/program/plain.ts';
import { exchangePerTest } from '#support/program/suite.ts';

const exchange = exchangePerTest();
const everythingPaused = 2 ** 32 - 1;
const nobody = PublicKey.default.toBase58();

/** Long 10 units at 100 USD with 10× leverage. */
async function longTrader(): Promise<Trader> {
  const trader = await exchange().trader(1_000n * USDC);
  must(await exchange().open(trader));
  return trader;
}

/** The clock and the price move on, to the same second. */
function priceAfter(seconds: bigint, at = 100n * USD_PRICE): void {
  exchange().chain.advance(seconds);
  exchange().price(exchange().market, at);
}

async function closeTheExchange(): Promise<void> {
  await exchange().chain.rewrite('exchange', addresses.exchange, (state) => {
    state.pausedOperations = everythingPaused;
    for (const keeper of state.keepers) keeper.key = PublicKey.default;
  });
  await exchange().chain.rewrite('market', exchange().market.key, (market) => {
    market.status = { halted: {} } as never;
  });
}

describe('request_close', () => {
  it('cannot be censored: without any keeper, everything paused and the market halted, anyone executes it', async () => {
    const trader = await longTrader();
    await closeTheExchange();
    must(await exchange().requestClose(trader));
    priceAfter(6n, 110n * USD_PRICE);
    const closed = eventOf(must(await exchange().executeCloseRequest(trader)), 'positionReduced');
    expect(closed).toMatchObject({
      reason: { closeRequest: {} },
      keeper: nobody,
      delegated: false,
      worstPrice: 0n,
      minPublishTime: exchange().chain.now,
      orderId: Array<number>(16).fill(0),
      size: 10n * BASE,
      realizedPnl: 100n * USDC,
      fee: 550_000n,
      commandSeq: 2n,
    });
    expect(exchange().position(trader)).toMatchObject({ seq: 2n, closeRequestedAt: 0n, state: { size: 0n } });
  });

  it('says when, is no command, and leaves money and orders as they are', async () => {
    const trader = await longTrader();
    const before = [exchange().account(trader), exchange().marketState(), exchange().position(trader).state];
    const { seq } = exchange().position(trader);
    const requestedAt = exchange().chain.now;
    const requested = eventOf(must(await exchange().requestClose(trader)), 'closeRequested');
    expect(requested).toEqual({
      positionSeq: 3n,
      owner: trader.wallet.publicKey.toBase58(),
      market: exchange().market.key.toBase58(),
      marketIndex: 0,
      requestedAt,
      executableFrom: requestedAt + 6n,
      executableTo: requestedAt + 15n,
    });
    expect([exchange().account(trader), exchange().marketState(), exchange().position(trader).state]).toEqual(before);
    const blockedUntil = requestedAt + 75n;
    expect(exchange().position(trader)).toMatchObject({
      seq,
      closeRequestedAt: requestedAt,
      closeBlockedUntil: blockedUntil,
    });
  });

  it('takes the price that trades take: spread, fee and impact, whatever they come to', async () => {
    await exchange().chain.rewrite('market', exchange().market.key, (market) => {
      market.config.skewScale = bn(2n * 10n ** 14n);
    });
    const trader = await longTrader();
    must(await exchange().open(await exchange().trader(), { side: 'short', size: 100n * BASE }));
    must(await exchange().requestClose(trader));
    exchange().chain.advance(6n);
    exchange().price(exchange().market, { price: 100n * USD_PRICE, conf: USD_PRICE });
    const closed = eventOf(must(await exchange().executeCloseRequest(trader)), 'positionReduced');
    expect(closed).toMatchObject({ fillPrice: 99n * USD_PRICE, fee: 495_000n, impact: 47_500n });
  });

  it('is executed at a price 6 to 15 seconds later than it, to the second', async () => {
    const [first, second] = [await longTrader(), await longTrader()];
    must(await exchange().requestClose(first));
    must(await exchange().requestClose(second));
    priceAfter(5n);
    expect((await exchange().executeCloseRequest(first)).error).toBe('CloseRequestTooEarly');
    priceAfter(10n);
    must(await exchange().executeCloseRequest(first));
    priceAfter(1n);
    expect((await exchange().executeCloseRequest(second)).error).toBe('CloseRequestLapsed');
  });

  it('never takes a price of the past: neither an older update nor one from before the request', async () => {
    const trader = await longTrader();
    priceAfter(1n, 120n * USD_PRICE);
    must(await exchange().requestClose(trader));
    expect((await exchange().executeCloseRequest(trader)).error).toBe('CloseRequestTooEarly');
    priceAfter(8n, 90n * USD_PRICE);
    must(exchange().send([await build.refreshMarket(exchange().market.key, exchange().market.priceAccount)], []));
    const late = { publishTime: exchange().chain.now - 1n };
    exchange().price(exchange().market, 130n * USD_PRICE, late);
    expect((await exchange().executeCloseRequest(trader)).error).toBe('OracleOutOfOrder');
  });

  it('is no option to look back: a price that was known ahead of the clock is too early, one older than 5 seconds too late', async () => {
    const trader = await longTrader();
    exchange().chain.advance(1n);
    const ahead = exchange().chain.now + 5n;
    exchange().price(exchange().market, 120n * USD_PRICE, { publishTime: ahead });
    must(exchange().send([await build.refreshMarket(exchange().market.key, exchange().market.priceAccount)], []));
    must(await exchange().requestClose(trader));
    expect((await exchange().executeCloseRequest(trader)).error).toBe('CloseRequestTooEarly');
    priceAfter(7n, 90n * USD_PRICE);
    exchange().chain.advance(6n);
    expect((await exchange().executeCloseRequest(trader)).error).toBe('OracleStale');
    exchange().chain.advance(-1n);
    must(await exchange().executeCloseRequest(trader));
  });

  it('lapses, and the next one waits until 75 seconds after it, whatever happened since', async () => {
    const trader = await longTrader();
    must(await exchange().requestClose(trader));
    priceAfter(1n);
    expect((await exchange().requestClose(trader)).error).toBe('CloseRequestBlocked');
    must(await exchange().open(trader));
    expect((await exchange().requestClose(trader)).error).toBe('CloseRequestBlocked');
    must(await exchange().close(trader));
    must(await exchange().open(trader));
    priceAfter(73n);
    expect((await exchange().requestClose(trader)).error).toBe('CloseRequestBlocked');
    priceAfter(1n);
    must(await exchange().requestClose(trader));
    priceAfter(16n);
    expect((await exchange().executeCloseRequest(trader)).error).toBe('CloseRequestLapsed');
  });

  it.each<[string, (trader: Trader) => ReturnType<ReturnType<typeof exchange>['open']>]>([
    ['an increase', (trader) => exchange().open(trader)],
    ['a reduction', (trader) => exchange().close(trader, { size: BASE })],
    ['a net trade', (trader) => exchange().trade(trader, { size: BASE })],
    ['a flip', (trader) => exchange().trade(trader, { side: 'short', size: 15n * BASE })],
  ])('is cancelled by %s', async (_what, act) => {
    const trader = await longTrader();
    must(await exchange().requestClose(trader));
    priceAfter(1n);
    must(await act(trader));
    expect((await exchange().executeCloseRequest(trader)).error).toBe('NoCloseRequest');
  });

  it('survives added margin, which changes nothing of what was asked', async () => {
    const trader = await longTrader();
    must(await exchange().requestClose(trader));
    const command = { ...exchange().command(trader), keeper: null, selfSigned: true };
    must(exchange().send([await build.addMargin(command, USDC)], [trader.wallet]));
    priceAfter(6n);
    must(await exchange().executeCloseRequest(trader));
  });

  it('makes an order prepared before its execution stale, and is executed once', async () => {
    const trader = await longTrader();
    const order = await build.closePosition(exchange().command(trader), { size: build.ALL, worstPrice: 1n });
    must(await exchange().requestClose(trader));
    priceAfter(6n);
    must(await exchange().executeCloseRequest(trader));
    expect(exchange().send([order], [exchange().keeper]).error).toBe('StaleCommand');
    expect((await exchange().executeCloseRequest(trader)).error).toBe('NoCloseRequest');
  });

  it('needs a position and its owner', async () => {
    const trader = await longTrader();
    const stranger = await exchange().trader();
    const request = await build.requestClose(trader.wallet.publicKey, exchange().market.key);
    for (const meta of request.keys)
      if (meta.pubkey.equals(trader.wallet.publicKey)) meta.pubkey = stranger.wallet.publicKey;
    expect(exchange().send([request], [stranger.wallet]).error).toBe('NotOwner');
    must(await exchange().close(trader));
    expect((await exchange().requestClose(trader)).error).toBe('PositionFlat');
    expect((await exchange().executeCloseRequest(trader)).error).toBe('NoCloseRequest');
  });

  it('closes an underwater position with insurance, which it needs', async () => {
    const trader = await exchange().trader(100n * USDC);
    must(await exchange().open(trader, { leverageE2: 2_000 }));
    await exchange().chain.rewrite('market', exchange().market.key, (market) => {
      market.treasuryAccrued = market.treasuryAccrued.add(market.insuranceAccrued);
      market.insuranceAccrued = bn(0n);
    });
    must(await exchange().requestClose(trader));
    priceAfter(6n, 94n * USD_PRICE);
    expect((await exchange().executeCloseRequest(trader)).error).toBe('NeedsInsurance');
    const closed = eventOf(must(await exchange().executeCloseRequest(trader, true)), 'positionReduced');
    expect(closed).toMatchObject({ badDebt: 10n * USDC, fee: 0n, marginReleased: 0n });
  });
});
