import { Navigate, Route, Router } from '@solidjs/router';
import { QueryClientProvider } from '@tanstack/solid-query';
import { onCleanup, onMount, untrack, type JSX } from 'solid-js';

import { DeskProvider, createDesk } from './data/desk.ts';
import { followOtherTabs, preferences } from './data/preferences.ts';
import { createQueryClient } from './data/queries.ts';
import { isAboutSession } from './data/session-memory.ts';
import type { Site } from './data/site.ts';
import { showPricePlaces } from './domain/format.ts';
import { pages } from './features/nav/pages.ts';
import { DeskSkeleton } from './features/page/desk-skeleton.tsx';
import { Frame } from './features/page/frame.tsx';
import { NotFoundPage } from './features/page/not-found-page.tsx';
import { plainPage } from './features/page/plain-page.tsx';
import { deferred } from './ui/deferred.tsx';
import { painted } from './ui/next-paint.ts';

/** The frame shows first: the desk is built behind its outline. */
const TradePage = deferred(
  () => Promise.all([import('./features/page/trade-page.tsx'), painted()]).then(([module]) => module.TradePage),
  DeskSkeleton,
);
const PortfolioPage = plainPage('portfolio', () =>
  import('./features/portfolio/portfolio-page.tsx').then((module) => module.PortfolioPage),
);
const EarnPage = plainPage('earn', () => import('./features/earn/earn-page.tsx').then((module) => module.EarnPage));
const RiskPage = plainPage('risk', () => import('./features/risk/risk-page.tsx').then((module) => module.RiskPage));
const TrackRecordPage = plainPage('track-record', () =>
  import('./features/mikey/track-record-page.tsx').then((module) => module.TrackRecordPage),
);
const StatusPage = plainPage('status', () =>
  import('./features/status/status-page.tsx').then((module) => module.StatusPage),
);
const SettingsPage = plainPage('settings', () =>
  import('./features/settings/settings-page.tsx').then((module) => module.SettingsPage),
);

/** Decimals of a price where the trader wants the same in every market. */
const fixedPricePlaces = 4;

/** Wires data to pages; nothing else happens here. */
export function App(props: { readonly site: Site }): JSX.Element {
  const queryClient = createQueryClient();
  // The exchange of a page never changes.
  const desk = createDesk(
    queryClient,
    untrack(() => props.site),
  );
  showPricePlaces(() => (preferences().priceDecimals === 'fixed' ? fixedPricePlaces : 0));
  const hurry = () => {
    desk.live.hurry();
    desk.own.hurry();
  };
  const interrupt = () => {
    desk.live.interrupt();
    desk.own.interrupt();
  };
  const followSession = (event: StorageEvent) => isAboutSession(event) && desk.session.follow();
  /** A page in the background may have missed what another tab did. */
  const lookAgain = () => document.visibilityState === 'visible' && desk.session.follow();
  onMount(() => {
    desk.live.open();
    window.addEventListener('online', hurry);
    window.addEventListener('offline', interrupt);
    window.addEventListener('storage', followOtherTabs);
    window.addEventListener('storage', followSession);
    document.addEventListener('visibilitychange', lookAgain);
  });
  onCleanup(() => {
    window.removeEventListener('online', hurry);
    window.removeEventListener('offline', interrupt);
    window.removeEventListener('storage', followOtherTabs);
    window.removeEventListener('storage', followSession);
    document.removeEventListener('visibilitychange', lookAgain);
    desk.live.close();
    desk.own.close();
  });
  return (
    <QueryClientProvider client={queryClient}>
      <DeskProvider value={desk}>
        <Router root={Frame}>
          <Route path="/" component={() => <Navigate href={pages[0].href()} />} />
          <Route path="/trade" component={() => <Navigate href={pages[0].href()} />} />
          <Route path="/trade/:symbol" component={TradePage} />
          <Route path="/portfolio" component={PortfolioPage} />
          <Route path="/earn" component={EarnPage} />
          <Route path="/risk" component={RiskPage} />
          <Route path="/track-record" component={TrackRecordPage} />
          <Route path="/status" component={StatusPage} />
          <Route path="/settings" component={SettingsPage} />
          <Route path="*" component={NotFoundPage} />
        </Router>
      </DeskProvider>
    </QueryClientProvider>
  );
}
