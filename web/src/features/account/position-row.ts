import type { PositionDto } from '#shared/protocol/positions.ts';

import type { PendingCommand } from '../../data/commands.ts';
import type { HourlyCarry } from '../../domain/carry.ts';
import type { PositionExits } from '../../domain/exits.ts';
import type { MarketExit, MarketHindrance } from '../../domain/market-exit.ts';
import type { PendingWork } from '../../domain/pending-work.ts';
import type { PositionCostsView } from '../../domain/position-costs.ts';
import type { PositionView } from '../../domain/position-view.ts';

/** A position as its line shows it: what lives is read where it is shown. */
export interface PositionRow {
  readonly position: PositionDto;
  readonly view: () => PositionView;
  readonly carry: () => HourlyCarry | null;
  readonly exits: () => PositionExits;
  readonly work: () => readonly PendingWork[];
  /** Undefined until it is known what was paid. */
  readonly costs: () => PositionCostsView | undefined;
  readonly command: () => PendingCommand | undefined;
  /** Why it cannot be closed or flipped at the market now. */
  readonly hindrance: (exit: MarketExit) => MarketHindrance | undefined;
}
