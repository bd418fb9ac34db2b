import { Show, type JSX } from 'solid-js';

import { texts } from '../../i18n/index.ts';
import { createPhone } from '../../ui/media.ts';
import { SkeletonRows } from '../../ui/panel-state.tsx';
import { AccountTabs } from '../account/account-tabs.tsx';
import { createDivision } from './desk-division.ts';

/** The desk's panels in their places until it is built; what needs no market, the trader's tables, is there at once. */
export function DeskSkeleton(): JSX.Element {
  const phone = createPhone();
  const division = createDivision(
    () => window.innerWidth,
    () => 0,
  );
  return (
    <Show
      when={!phone()}
      fallback={
        <div class="panel" role="status" aria-label={texts.common.loading}>
          <SkeletonRows rows={6} />
        </div>
      }
    >
      <div
        class="desk"
        style={division.style()}
        data-extra={division.hasExtra() ? '' : undefined}
        data-covered={division.isCovered() ? '' : undefined}
      >
        <p class="visually-hidden" role="status">
          {texts.common.loading}
        </p>
        <div class="desk-header desk-header-empty panel rounded-none" />
        <div class="desk-main">
          <div class="panel relative">
            <div class="skeleton absolute inset-3" />
          </div>
          <div class="grid min-h-0">
            <AccountTabs />
          </div>
        </div>
        <div class="desk-side">
          <div class="panel">
            <SkeletonRows rows={9} />
          </div>
        </div>
        <div class="desk-extra panel" />
      </div>
    </Show>
  );
}
