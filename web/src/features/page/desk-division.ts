import type { JSX } from 'solid-js';

import { layout } from '../../data/layout-memory.ts';
import { boundsWithin, clampSize, type PanelBounds } from '../../domain/panel-size.ts';
import { extraPanels, extraWidths, isExtraFolded, isTicketCovered } from './extra-panels.ts';

/** Sizes in CSS pixels: below the least of them a panel cannot be read or used. */
const sizes = {
  side: { normal: 328, narrow: 296, min: 280, max: 480 },
  tables: { normalShare: 0.31, normalMin: 196, min: 108 },
  mainWidthMin: 420,
  chartHeightMin: 180,
  /** Up to this width of the desk, its side is the narrow one. */
  narrowMax: 1_180,
} as const;

/**
 * What each part takes of the desk now: what the trader chose, as far as the window allows. `mainHeight` is 0 until it is measured: a remembered
 * height of the tables then stands as it is, so that the desk shows at once as it was left.
 */
export function createDivision(deskWidth: () => number, mainHeight: () => number) {
  const hasExtra = () => extraPanels().length > 0;
  const isFolded = () => isExtraFolded(deskWidth());
  const besideSide = () => (hasExtra() ? (isFolded() ? extraWidths.folded : extraWidths.min) : 0);
  const sideBounds = (): PanelBounds =>
    boundsWithin(deskWidth() - besideSide(), sizes.side.min, sizes.mainWidthMin, sizes.side.max);
  const sideNormal = () => (deskWidth() <= sizes.narrowMax ? sizes.side.narrow : sizes.side.normal);
  const sideWidth = () => clampSize(layout().sideWidth ?? sideNormal(), sideBounds());
  const isCovered = () => hasExtra() && isTicketCovered(deskWidth());
  const extraBounds = (): PanelBounds =>
    boundsWithin(deskWidth() - (isCovered() ? 0 : sideWidth()), extraWidths.min, sizes.mainWidthMin, extraWidths.max);
  const extraWidth = () => clampSize(layout().extraWidth ?? extraWidths.normal, extraBounds());
  const tablesBounds = (): PanelBounds => boundsWithin(mainHeight(), sizes.tables.min, sizes.chartHeightMin);
  const tablesNormal = () => Math.max(sizes.tables.normalMin, mainHeight() * sizes.tables.normalShare);
  const tablesHeight = () => clampSize(layout().tablesHeight ?? tablesNormal(), tablesBounds());
  const shownTablesHeight = () => (mainHeight() === 0 ? layout().tablesHeight : tablesHeight());
  const style = (): JSX.CSSProperties => ({
    '--side-width': `${sideWidth()}px`,
    '--extra-width': `${isFolded() ? extraWidths.folded : extraWidth()}px`,
    // Without one the stylesheet's holds, which is the same.
    ...(shownTablesHeight() === undefined ? {} : { '--tables-height': `${shownTablesHeight()}px` }),
  });
  return {
    hasExtra,
    isFolded,
    isCovered,
    sideBounds,
    sideWidth,
    extraBounds,
    extraWidth,
    tablesBounds,
    tablesHeight,
    style,
  };
}
