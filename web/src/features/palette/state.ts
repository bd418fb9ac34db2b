import { createSignal } from 'solid-js';
import * as z from 'zod';

import { readRemembered, remember } from '../../data/remembered.ts';

/** What the palette searches: everything, or the markets alone. */
export type PaletteScope = 'all' | 'markets';

const recentKey = 'quantdesk.recent-commands';
const recentMax = 6;

const [scope, setScope] = createSignal<PaletteScope | undefined>();
const [sheet, setSheet] = createSignal(false);
const [recent, setRecent] = createSignal<readonly string[]>(
  readRemembered(recentKey, z.array(z.string()).max(recentMax)) ?? [],
);

/** Undefined: closed. */
export const paletteScope = scope;
export const openPalette = (of: PaletteScope = 'all'): void => void setScope(of);
export const closePalette = (): void => void setScope(undefined);

export const isShortcutSheetOpen = sheet;
export const openShortcutSheet = (): void => void setSheet(true);
export const closeShortcutSheet = (): void => void setSheet(false);

/** Ids of the commands used last, newest first. */
export const recentCommands = recent;
export function rememberCommand(id: string): void {
  const next = [id, ...recent().filter((known) => known !== id)].slice(0, recentMax);
  remember(recentKey, next);
  setRecent(next);
}
