import type { MarketSymbol } from '#shared/markets.ts';
import type { PositionDto } from '#shared/protocol/positions.ts';

import type { Desk } from '../../data/desk.ts';
import { preferences } from '../../data/preferences.ts';
import { tableTexts } from '../../i18n/tables.ts';
import { habitualSlippageBps } from '../ticket/ticket-memory.ts';
import { openAccountDialog } from './dialogs.ts';

/** Closes each of these positions in full by a market order of its own, with the trader's slippage. One that fails is told by its market. */
export function closePositions(desk: Desk, positions: readonly Pick<PositionDto, 'id' | 'symbol'>[]): void {
  const terms = { maxSlippageBps: Number(habitualSlippageBps()) };
  for (const { id, symbol } of positions)
    void desk.commands.run({
      subject: id,
      failed: `${tableTexts.closeAll.failed} · ${symbol}`,
      send: (key) => desk.client.positions.close(id, key, terms),
    });
}

/** Cancels every open order, of one market or of all. */
export function cancelOrders(desk: Desk, symbol: MarketSymbol | undefined): void {
  const filter = symbol === undefined ? {} : { symbol };
  void desk.commands.run({
    subject: 'orders',
    failed: tableTexts.cancelAll.failed,
    send: (key) => desk.client.orders.cancelAll(filter, key),
  });
}

/** Closes every position: at once where the trader wants it so, else after a list has been agreed to. */
export function askToCloseAll(desk: Desk): void {
  if (preferences().confirmCloseAll) openAccountDialog({ kind: 'closeAll' });
  else closePositions(desk, [...(desk.own.account.positions ?? [])]);
}

/** Cancels every open order of a market or of all, asked for in the same way. */
export function askToCancelAll(desk: Desk, symbol?: MarketSymbol): void {
  if (!preferences().confirmCloseAll) cancelOrders(desk, symbol);
  else openAccountDialog(symbol === undefined ? { kind: 'cancelAll' } : { kind: 'cancelAll', symbol });
}
