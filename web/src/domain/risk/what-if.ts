import type { MarketSymbol } from '#shared/markets.ts';
import { max, mulDivFloor } from '#shared/money/divide.ts';
import { BPS_SCALE, price as toPrice, quote, type Price, type Quote, type Size } from '#shared/money/units.ts';
import { isLiquidatable } from '#shared/perps/equity.ts';
import { liquidationFee } from '#shared/perps/liquidation.ts';
import { unrealizedPnl } from '#shared/perps/pnl.ts';
import { liquidatedPart } from '#shared/perps/position-liquidate.ts';

import { indexes, type Held } from './held.ts';
import { marginRatioAt, type MarginRatio } from './margin-ratio.ts';

/** Which prices move. */
export type Scope = MarketSymbol | 'all';

/** Prices fall by at most this much and rise by at most as much, bps. */
export const moveBpsMax = 5_000;
/** One press of an arrow key, bps. */
export const moveBpsStep = 10;

export type Outcome = 'open' | 'part' | 'full';

/** A position at its moved price, after the liquidation that follows if one does. */
export interface MovedPosition {
  readonly held: Held;
  readonly price: Price;
  readonly outcome: Outcome;
  /** Before any liquidation. */
  readonly margin: MarginRatio;
  /** Profit or loss of the whole position at that price. */
  readonly pnl: Quote;
  /** What a liquidation takes off; 0 without one. */
  readonly liquidated: Size;
  readonly liquidationFee: Quote;
  /** Margin that stays with the position, and what of it returns to the collateral. */
  readonly marginLeft: Quote;
  readonly released: Quote;
  /** Profit or loss of what stays open. */
  readonly pnlLeft: Quote;
}

/** The account after a move of prices. */
export interface MovedAccount {
  readonly positions: readonly MovedPosition[];
  /** Collateral, margins and live profits, as the balance counts them. */
  readonly equity: Quote;
  readonly free: Quote;
  readonly marginInUse: Quote;
  /** Positions that lose a part or all of their size. */
  readonly liquidated: number;
}

/** A price moved by basis points, rounded down; never below the smallest price. */
export const movedPrice = (price: Price, moveBps: number): Price =>
  toPrice(max(1n, mulDivFloor(price, BPS_SCALE + BigInt(moveBps), BPS_SCALE)));

/**
 * The account if the prices of a scope stood `moveBps` from where they are, at once: each position that the program would let anyone
 * liquidate there is liquidated as the program would do it, once, and pays its liquidation fee. Null while a position has no price.
 */
export function moveAccount(
  positions: readonly Held[],
  free: Quote,
  { scope, moveBps }: { readonly scope: Scope; readonly moveBps: number },
): MovedAccount | null {
  const moved: MovedPosition[] = [];
  for (const held of positions) {
    if (held.mark === null) return null;
    const moves = scope === 'all' || scope === held.position.symbol;
    moved.push(positionAt(held, moves ? movedPrice(held.mark, moveBps) : held.mark));
  }
  const sum = (of: (position: MovedPosition) => bigint) => moved.reduce((all, position) => all + of(position), 0n);
  const freeAfter = free + sum(({ released }) => released);
  const marginInUse = sum(({ marginLeft }) => marginLeft);
  return {
    positions: moved,
    equity: quote(freeAfter + marginInUse + sum(({ pnlLeft }) => pnlLeft)),
    free: quote(freeAfter),
    marginInUse: quote(marginInUse),
    liquidated: moved.filter(({ outcome }) => outcome !== 'open').length,
  };
}

const nothing = quote(0n);

function positionAt(held: Held, price: Price): MovedPosition {
  const { state, config } = held;
  const pnl = unrealizedPnl(state, price);
  const same = { held, price, margin: marginRatioAt(held, price), pnl };
  if (!isLiquidatable(state, indexes, price, config.maintenanceMarginBps)) {
    const kept = { marginLeft: state.margin, released: nothing, pnlLeft: pnl };
    return { ...same, ...kept, outcome: 'open', liquidated: 0n as Size, liquidationFee: nothing };
  }
  const { size, realised } = liquidatedPart(state, indexes, price, config);
  const isFull = size === state.size;
  const margin = quote(max(0n, state.margin + realised.net));
  const fee = liquidationFee(size, price, config.liquidationFeeBps, margin);
  const left = quote(margin - fee);
  return {
    ...same,
    outcome: isFull ? 'full' : 'part',
    liquidated: size,
    liquidationFee: fee,
    marginLeft: isFull ? nothing : left,
    released: isFull ? left : nothing,
    pnlLeft: isFull ? nothing : unrealizedPnl(realised.remainder, price),
  };
}

/** Where a position of the scope is liquidated, as a move of its price. */
export interface Crossing {
  readonly held: Held;
  /** The smallest move that liquidates it, in the direction of its sign. */
  readonly moveBps: bigint;
}

/** The moves that begin a liquidation, the nearest first; those that no move reaches are left out. */
export function crossings(positions: readonly Held[], scope: Scope): Crossing[] {
  const found = positions.flatMap((held): Crossing[] => {
    if (held.mark === null || (scope !== 'all' && scope !== held.position.symbol)) return [];
    const { moveBps } = marginRatioAt(held, held.mark);
    return moveBps === null ? [] : [{ held, moveBps }];
  });
  const distance = ({ moveBps }: Crossing) => (moveBps < 0n ? -moveBps : moveBps);
  return found.sort((a, b) => (distance(a) < distance(b) ? -1 : 1));
}

/** Moves of the table beside the slider, bps. */
export const ladderMoves = [-5_000, -2_000, -1_000, -500, -200, 0, 200, 500, 1_000, 2_000, 5_000] as const;

export interface LadderRow {
  readonly moveBps: number;
  readonly account: MovedAccount;
  /** A position is liquidated here that was not one step nearer to no move. */
  readonly crosses: boolean;
}

/** The account at each step of the ladder; null while a position has no price. */
export function ladder(positions: readonly Held[], free: Quote, scope: Scope): LadderRow[] | null {
  const rows: { moveBps: number; account: MovedAccount }[] = [];
  for (const moveBps of ladderMoves) {
    const account = moveAccount(positions, free, { scope, moveBps });
    if (account === null) return null;
    rows.push({ moveBps, account });
  }
  return rows.map((row, at) => {
    const nearer = rows[row.moveBps < 0 ? at + 1 : at - 1];
    const before = row.moveBps === 0 || nearer === undefined ? 0 : nearer.account.liquidated;
    return { ...row, crosses: row.account.liquidated > before };
  });
}
