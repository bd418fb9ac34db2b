import { isMarketSymbol, MARKET_SYMBOLS, type MarketSymbol } from '#shared/markets.ts';
import type { ChatScreen } from '#shared/protocol/ai-chat.ts';
import { useLocation, useNavigate } from '@solidjs/router';
import type { Accessor } from 'solid-js';

import { pointAt } from '../../data/highlight.ts';
import { lastMarket } from '../../data/last-market.ts';
import type { Highlight } from '../../domain/mikey/citation-target.ts';
import type { TicketPrefill } from '../../domain/ticket/state.ts';
import { createPhone } from '../../ui/media.ts';
import { pageOfPath } from '../nav/pages.ts';
import { ticketCommands } from '../ticket/ticket-commands.ts';
import { closeAssistant } from './state.ts';

const screens: readonly ChatScreen[] = ['trade', 'portfolio', 'earn', 'risk', 'track-record'];

/** Which screen MIKEY stands beside. */
export function useScreen(): Accessor<ChatScreen> {
  const location = useLocation();
  return () => {
    const page = pageOfPath(location.pathname);
    return screens.find((screen) => screen === page) ?? 'other';
  };
}

/** The market on screen, or the one last looked at. */
export function useMarketHere(): Accessor<MarketSymbol> {
  const location = useLocation();
  return () => {
    const asked = location.pathname.split('/')[2] ?? '';
    return isMarketSymbol(asked) ? asked : (lastMarket() ?? MARKET_SYMBOLS[0]);
  };
}

/** Ways from MIKEY to the desk. On a phone its sheet makes room first. */
export function useWays() {
  const navigate = useNavigate();
  const location = useLocation();
  const phone = createPhone();
  const leaveSheet = () => {
    if (phone()) closeAssistant();
  };
  const goTo = (href: string) => {
    if (`${location.pathname}${location.search}` !== href) navigate(href);
  };
  return {
    /** Shows what a figure speaks of. */
    show: (target: Highlight): void => {
      leaveSheet();
      const trade = `/trade/${target.symbol}`;
      if (phone()) goTo(target.kind === 'position' ? `${trade}?view=positions` : trade);
      else if (location.pathname !== trade) navigate(trade);
      pointAt(target);
    },
    /** Fills in the ticket of a market. Sends nothing. */
    fill: (symbol: MarketSymbol, prefill: TicketPrefill): void => {
      leaveSheet();
      const trade = `/trade/${symbol}`;
      if (location.pathname !== trade) navigate(trade);
      ticketCommands.prefill(symbol, prefill);
    },
  };
}
