import { For, type JSX } from 'solid-js';

import { texts } from '../../i18n/pages.ts';
import { PagePanel } from '../../ui/page-panel.tsx';
import { ExposurePanel } from './exposure-panel.tsx';
import { PoolFigures } from './pool-figures.tsx';
import { PoolForm } from './pool-form.tsx';
import { SharePricePanel } from './share-price-panel.tsx';
import { SharesPanel } from './shares-panel.tsx';

/** The content of /earn: what the pool is worth and stands against, and the way in and out of it. */
export function EarnPage(): JSX.Element {
  const t = texts.earn;
  return (
    <div class="account-page">
      <header class="page-bar">
        <h1 class="page-title">{texts.shell.pages.earn}</h1>
      </header>
      <p class="page-intro">{t.intro}</p>
      <PoolFigures />
      <div class="page-columns">
        <div class="page-column">
          <SharePricePanel />
          <ExposurePanel />
          <PagePanel title={t.how.title}>
            <ul class="page-panel-body list-disc pl-7! text-ink-2">
              <For each={t.how.points}>{(point) => <li>{point}</li>}</For>
            </ul>
          </PagePanel>
        </div>
        <div class="page-column earn-side">
          <SharesPanel />
          <PoolForm />
        </div>
      </div>
    </div>
  );
}
