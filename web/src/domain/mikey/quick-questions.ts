import type { MarketSymbol } from '#shared/markets.ts';
import type { ChatScreen } from '#shared/protocol/ai-chat.ts';

import { mikeyTexts } from '../../i18n/mikey.ts';

/** What is worth asking on a screen; the end of a position only where there is one. */
export function quickQuestions(screen: ChatScreen, symbol: MarketSymbol, isHeld: boolean): readonly string[] {
  const t = mikeyTexts.questions;
  if (screen !== 'trade') return t[screen];
  return isHeld ? [...t.trade(symbol), t.close(symbol)] : t.trade(symbol).slice(0, 2);
}
