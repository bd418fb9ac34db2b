/* @refresh reload */
import './zod-config.ts';

import { render } from 'solid-js/web';

import { App } from './app.tsx';
import { readSite } from './data/site.ts';
import { StartFailed } from './features/page/start-failed.tsx';
import './styles/app.css';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');

/** Most visits begin at a market: its page and its chart are fetched while the configuration is. Where that fails, they say so themselves. */
if (/^\/(trade\/|$)/.test(window.location.pathname)) {
  import('./features/page/trade-page.tsx').catch(() => undefined);
  import('./features/chart/price-chart.ts').catch(() => undefined);
}

readSite().then(
  (site) => render(() => <App site={site} />, root),
  () => render(() => <StartFailed />, root),
);
