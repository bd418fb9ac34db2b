import type { MarketSymbol } from '#shared/markets.ts';
import type { FillDto } from '#shared/protocol/fills.ts';
import type { OrderDto } from '#shared/protocol/orders.ts';
import { createSignal } from 'solid-js';

/** A window over the tables, and what it is about. */
export type AccountDialog =
  | { readonly kind: 'close'; readonly positionId: string; readonly sharePercent?: number }
  | { readonly kind: 'flip' | 'exits' | 'costs' | 'sharePosition'; readonly positionId: string }
  /** `toSafe`: with the amount that makes the position safe filled in. */
  | { readonly kind: 'margin'; readonly positionId: string; readonly toSafe?: boolean }
  | { readonly kind: 'closeAll' }
  | { readonly kind: 'cancelAll'; readonly symbol?: MarketSymbol }
  | { readonly kind: 'order'; readonly order: OrderDto }
  | { readonly kind: 'verifyFill'; readonly fill: FillDto }
  | { readonly kind: 'shareFill'; readonly fill: FillDto };

const [dialog, setDialog] = createSignal<AccountDialog | undefined>();
/** Where the focus was before. */
let cameFrom: Element | null = null;

export const accountDialog = dialog;

/** Opens a window of the tables; from anywhere: a row, the palette, another page. */
export function openAccountDialog(next: AccountDialog): void {
  if (dialog() === undefined) cameFrom = document.activeElement;
  setDialog(next);
}

/** The window gives the focus back itself where it can; this looks after it has. */
const focusDelayMs = 60;
const isLost = (): boolean => document.activeElement === null || document.activeElement === document.body;

/** Gives a focus that would be lost to the chosen tab of the tables. */
export function focusTables(): void {
  setTimeout(() => {
    if (isLost())
      document.querySelector<HTMLElement>('[data-account-tables] [role="tab"][aria-selected="true"]')?.focus();
  });
}

/** Closes it. Its opener may be gone, with the row it stood in: then the focus goes to the tables, not to the top of the page. */
export function closeAccountDialog(): void {
  setDialog(undefined);
  const opener = cameFrom;
  cameFrom = null;
  setTimeout(() => {
    if (!isLost()) return;
    if (opener instanceof HTMLElement && opener.isConnected && opener.offsetParent !== null) opener.focus();
    else focusTables();
  }, focusDelayMs);
}
