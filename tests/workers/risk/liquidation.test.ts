import { env } from 'cloudflare:workers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFillRepository } from '#db/repositories/fills.ts';
import { createLiquidationRepository } from '#db/repositories/liquidations.ts';
import { createReceiptRepository } from '#db/repositories/receipts.ts';
import { createRiskAlertRepository } from '#db/repositories/risk-alerts.ts';
import type { IndexedEvent } from '#shared/events.ts';
import { readLiquidationEvidence } from '#shared/liquidation-evidence.ts';
import { recomputeLiquidation } from '#shared/perps/liquidation-receipt.ts';
import { chainOf } from '../../../workers/chain/chain.ts';
import { readSettings } from '../../../workers/env.ts';
import { closeRequestFromMs } from '../../../workers/indexer/follow-ups.ts';
import { userIdOf } from '../../../workers/platform/ids.ts';
import { base } from '../account/wallet.ts';
import { resetHermes, until } from '../market/hermes-control.ts';
import { AccountSocket } from './account-socket.ts';
import { deliver, longAt20, marketObject, setSolPrice, solPriceIs, testDatabase } from './market-control.ts';

/** An alert of a liquidation that is not among those known. */
function isNewLiquidation(data: unknown, known: readonly IndexedEvent[]): boolean {
  const { kind, transaction_hash: hash } = data as { kind: string; transaction_hash: string };
  return kind === 'liquidated' && !known.some(({ signature }) => signature === hash);
}

describe('liquidation', () => {
  beforeAll(() => solPriceIs(150n));
  afterAll(resetHermes);

  it('a price that falls through the liquidation price leads by itself to a liquidation, and the trader hears of it', async () => {
    const wallet = await longAt20();
    const socket = await AccountSocket.open(wallet);
    await setSolPrice('142');
    const [alert] = await socket.until('risk', (data) => (data as { kind: string }).kind === 'liquidated');
    expect(alert).toMatchObject({ kind: 'liquidated', symbol: 'SOL-PERP', transaction_hash: expect.any(String) });
    const { message } = alert as { message: string };
    expect(message).toMatch(/Loss: [\d,]+\.\d{2} USDC, including the liquidation fee of [\d,]+\.\d{2} USDC\.$/);
    await socket.until('positions', (data) => (data as unknown[]).length === 0);
    await socket.until('balance', (data) => Number((data as { margin_used: unknown }).margin_used) === 0);
    expect((await wallet.account.state()).positions).toEqual([]);
    const trader = await chainOf(readSettings(env)).readTrader(wallet.address);
    expect(trader.positions.get('SOL-PERP')?.size).toBe(0n);
    socket.close();
    await solPriceIs(150n);
  });

  it('a position just below its maintenance margin loses a part, again and again, and the rest stays open', async () => {
    const wallet = await longAt20();
    const socket = await AccountSocket.open(wallet);
    const opened = (await wallet.account.state()).positions[0] ?? expect.fail();
    const parts: IndexedEvent[] = [];
    const eventsOf = async (signature: string) => env.INDEXER.getByName('main').nudge(signature, 10_000);
    for (const usd of ['143.9', '143']) {
      await setSolPrice(usd);
      const alerts = await socket.until('risk', (data) => isNewLiquidation(data, parts));
      for (const alert of alerts.map((data) => data as { transaction_hash: string; message: string })) {
        expect(alert.message).toMatch(/^A part of your SOL-PERP position \([\d.]+\) was liquidated/);
        parts.push(...(await eventsOf(alert.transaction_hash)).filter(({ name }) => name === 'PositionLiquidated'));
      }
    }
    await until('the account has the rest', async () => {
      const [held] = (await wallet.account.state()).positions;
      return held?.position.size === (parts.at(-1)?.data.after as { size: bigint }).size;
    });
    const [held] = (await wallet.account.state()).positions;
    expect(parts.length).toBeGreaterThanOrEqual(2);
    expect(held).toMatchObject({ positionId: opened.positionId, position: { side: 'long' } });
    const taken = parts.reduce((sum, { data }) => sum + (data.size as bigint), 0n);
    expect(held?.position.size).toBe(opened.position.size - taken);

    // What is kept of each tells anyone why, how much and for how much.
    const userId = userIdOf(wallet.address);
    const { rows } = await until('the receipts', async () => {
      const page = await createLiquidationRepository(testDatabase()).list(userId, {});
      return page.rows.length === parts.length && page;
    });
    expect(rows.every(({ isFull, positionId }) => !isFull && positionId === opened.positionId)).toBe(true);
    for (const { transactionHash } of rows) {
      const [receipt] = await createReceiptRepository(testDatabase()).find(userId, transactionHash);
      const data = receipt?.data as Record<string, string> & { after: Record<string, string> };
      const decision = recomputeLiquidation(readLiquidationEvidence(data));
      expect(decision.isAllowed).toBe(true);
      const { size, liquidationFee, keeperShare, realizedPnl, equityE26, maintenanceE26, marginAfter } = decision;
      const figures = { size, liquidationFee, keeperShare, realizedPnl, equityE26, maintenanceE26 };
      expect(data).toMatchObject(Object.fromEntries(Object.entries(figures).map(([name, is]) => [name, String(is)])));
      expect(data.after.margin).toBe(String(marginAfter));
    }
    socket.close();
    await solPriceIs(150n);
  });

  it('a position that can win nothing more is closed at once, at the price, without a fee, and the trader is told why', async () => {
    const wallet = await longAt20();
    const socket = await AccountSocket.open(wallet);
    const { config } = (await marketObject().snapshot()).market ?? expect.fail();
    // Beyond the cap by one percent of the entry.
    await setSolPrice(String(150n + (150n * config.payoffCapBps) / 10_000n + 2n));
    await until('closed', async () => (await wallet.account.state()).positions.length === 0);
    const fill = await until('the fill', async () => {
      const { rows } = await createFillRepository(testDatabase()).list(userIdOf(wallet.address), {});
      return rows.find(({ side }) => side === 'sell');
    });
    expect(fill).toMatchObject({ fee: 0n, impact: 0n, quantity: base(10n), orderId: null, reason: 'capped' });
    const [told] = await socket.until('risk', (data) => (data as { kind: string }).kind === 'closed_at_cap');
    expect(told).toMatchObject({ symbol: 'SOL-PERP', transaction_hash: fill.transactionHash });
    const kept = await until('the alert is kept', async () => {
      const { rows } = await createRiskAlertRepository(testDatabase()).list(userIdOf(wallet.address), {});
      return rows.find(({ kind }) => kind === 'closed_at_cap');
    });
    expect(kept).toMatchObject({ symbol: 'SOL-PERP', message: (told as { message: string }).message });
    socket.close();
    await solPriceIs(150n);
  });

  it('a request to close is executed without the trader and without an order', async () => {
    const wallet = await longAt20();
    await wallet.act({ action: 'request_close', params: { symbol: 'SOL-PERP' } });
    await until('closed', async () => (await wallet.account.state()).positions.length === 0);
    const trader = await chainOf(readSettings(env)).readTrader(wallet.address);
    expect(trader.positions.get('SOL-PERP')).toMatchObject({ size: 0n, closeRequestedAt: 0n, seq: 2n });
    await until('the fill', async () => {
      const [fill] = (await createFillRepository(testDatabase()).list(userIdOf(wallet.address), {})).rows;
      return fill?.reason === 'close_request';
    });
    // A request that is gone is none: the message is done.
    expect(await deliver({ kind: 'close_request', owner: wallet.address, commandSeq: '0' })).toHaveLength(1);
  });

  it('a request to close whose window has not begun holds up no message behind it', async () => {
    const wallet = await longAt20();
    await wallet.act({ action: 'request_close', params: { symbol: 'SOL-PERP' } });
    expect(await deliver({ kind: 'close_request', owner: wallet.address, commandSeq: '0' })).toEqual([]);
    const { positions } = await chainOf(readSettings(env)).readTrader(wallet.address);
    const windowFrom = closeRequestFromMs(`x x ${positions.get('SOL-PERP')?.closeRequestedAt ?? expect.fail()}`);
    expect(Date.now()).toBeLessThan(windowFrom);
    await until('closed in its window', async () => (await wallet.account.state()).positions.length === 0);
  });

  it('a healthy position is left alone whatever the message says, and the message is done', async () => {
    const wallet = await longAt20();
    expect(await deliver({ owner: wallet.address })).toHaveLength(1);
    expect((await wallet.account.state()).positions).toHaveLength(1);
  });

  it('a message about an older state of the position does nothing', async () => {
    const wallet = await longAt20();
    expect(await deliver({ owner: wallet.address, commandSeq: '0' })).toHaveLength(1);
    expect((await wallet.account.state()).positions).toHaveLength(1);
  });

  it('the same candidate delivered three times is liquidated once', async () => {
    const wallet = await longAt20();
    const before =
      (await chainOf(readSettings(env)).readTrader(wallet.address)).positions.get('SOL-PERP')?.eventSeq ?? 0n;
    await solPriceIs(142n);
    await Promise.all([1, 2, 3].map(() => deliver({ owner: wallet.address })));
    await until('liquidated', async () => (await wallet.account.state()).positions.length === 0);
    const after = (await chainOf(readSettings(env)).readTrader(wallet.address)).positions.get('SOL-PERP');
    expect(after?.eventSeq).toBe(before + 1n);
    await solPriceIs(150n);
  });

  it('a warning that is delivered again and again is told once', async () => {
    const wallet = await longAt20();
    const socket = await AccountSocket.open(wallet);
    const warnings = () =>
      socket.updates('risk').filter(({ data }) => (data as { kind: string }).kind === 'margin_warning').length;
    await solPriceIs(144n);
    await until('the market warns by itself', () => warnings() === 1);
    // Another crossing, as a queue delivers it that lost the acknowledgement: of a later second than the one that was told.
    const publishTimeOf = async () => Number((await marketObject().snapshot()).price?.publishTime);
    const told = await publishTimeOf();
    const publishTime = await until('a later second', async () => {
      const now = await publishTimeOf();
      return now > told && now;
    });
    const warning = { owner: wallet.address, kind: 'warning', publishTime } as const;
    await Promise.all([deliver(warning), deliver(warning)]);
    await deliver(warning);
    await until('told', () => warnings() === 2);
    expect((await wallet.account.state()).positions).toHaveLength(1);
    socket.close();
    await solPriceIs(150n);
  });
});
