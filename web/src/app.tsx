import { MARKET_SYMBOLS } from '#shared/markets.ts';
import { Navigate, Route, Router } from '@solidjs/router';
import { QueryClientProvider } from '@tanstack/solid-query';
import { onCleanup, onMount, type JSX } from 'solid-js';

import { DeskProvider, createDesk } from './data/desk.ts';
import { createQueryClient } from './data/queries.ts';
import { NotFoundPage } from './features/page/not-found-page.tsx';
import { TradePage } from './features/page/trade-page.tsx';

/** Wires data to pages; nothing else happens here. */
export function App(): JSX.Element {
  const queryClient = createQueryClient();
  const desk = createDesk(queryClient);
  const hurry = () => {
    desk.live.hurry();
    desk.own.hurry();
  };
  onMount(() => {
    desk.live.open();
    window.addEventListener('online', hurry);
  });
  onCleanup(() => {
    window.removeEventListener('online', hurry);
    desk.live.close();
    desk.own.close();
  });
  return (
    <QueryClientProvider client={queryClient}>
      <DeskProvider value={desk}>
        <Router>
          <Route path="/" component={() => <Navigate href={`/trade/${MARKET_SYMBOLS[0]}`} />} />
          <Route path="/trade/:symbol" component={TradePage} />
          <Route path="*" component={NotFoundPage} />
        </Router>
      </DeskProvider>
    </QueryClientProvider>
  );
}
