import { recordTexts } from '../i18n/records.ts';
import { firstBlocking } from './ticket/errors.ts';
import { marketIssues, type MarketCondition } from './ticket/issues-market.ts';

/** Why something is not possible at the market now, and what is instead. */
export interface MarketHindrance {
  readonly code: string;
  /** What stands on the button. */
  readonly title: string;
  readonly text: string;
}

/** What is asked of a position at the market: to close it or a part, or to turn it over. */
export type MarketExit = 'close' | 'flip';

/** Said of a position, these leave closing open, which needs no way around. */
const openToClosing: ReadonlySet<string> = new Set(['halted', 'marketReduceOnly', 'openingOff', 'divergent']);

/** Why a position cannot be closed or flipped by a market order now, in the words of the ticket; undefined while it can. */
export function marketHindrance(exit: MarketExit, condition: MarketCondition): MarketHindrance | undefined {
  const effect = { against: true, opens: exit === 'flip' };
  const issue = firstBlocking(marketIssues({ orderType: 'market' }, condition, effect));
  if (issue === undefined) return undefined;
  const t = recordTexts.positions;
  const { code, title, text = '' } = issue;
  if (openToClosing.has(code)) return { code, title, text };
  return { code, title, text: `${told(code, text)} ${code === 'closingOff' ? t.waysOutOfSwitch : t.waysOut}`.trim() };
}

/** What the ticket says of a bad price names the ways out of its own; a position has more of them. */
const told = (code: string, text: string): string => (code === 'stale' || code === 'uncertain' ? '' : text);
