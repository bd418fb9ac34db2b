import type { LiquidationDto } from '#shared/protocol/fills.ts';
import { createSignal } from 'solid-js';

const [row, setRow] = createSignal<LiquidationDto | undefined>();

/** The liquidation that a row of the table was pressed for: its receipt need not look for it, however old it is. */
export const shownLiquidation = row;
export const showLiquidation = (next: LiquidationDto): void => void setRow(next);
