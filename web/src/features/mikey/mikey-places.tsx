import { useLocation } from '@solidjs/router';
import { Match, Switch, createEffect, createMemo, onCleanup, untrack, type JSX } from 'solid-js';

import { changeLayout } from '../../data/layout-memory.ts';
import { texts } from '../../i18n/index.ts';
import { deferred } from '../../ui/deferred.tsx';
import { createPhone } from '../../ui/media.ts';
import { SkeletonRows } from '../../ui/panel-state.tsx';
import { pageOfPath } from '../nav/pages.ts';
import { registerExtraPanel } from '../page/extra-panels.ts';
import { closeAssistant, isAssistantOpen, returnAssistantFocus } from './state.ts';

const loading = () => <SkeletonRows rows={6} />;
const Panel = deferred(() => import('./mikey-panel.tsx').then((module) => module.MikeyPanel), loading);
const Drawer = deferred(() => import('./mikey-drawer.tsx').then((module) => module.MikeyDrawer));
const Sheet = deferred(() => import('./mikey-sheet.tsx').then((module) => module.MikeySheet));

/** On the desk folding it leaves an edge, by which it is opened again. */
function foldColumn(): void {
  changeLayout({ extraFolded: true });
  queueMicrotask(() => returnAssistantFocus(() => document.querySelector<HTMLElement>('.extra-edge')));
}

/** Where MIKEY stands: a column of the desk, a drawer beside any other page, a sheet on a phone. Fetched when it is first shown. */
export function MikeyPlaces(props: { readonly onBeside: (isBeside: boolean) => void }): JSX.Element {
  const location = useLocation();
  const phone = createPhone();
  const place = createMemo(() => {
    if (phone()) return 'sheet';
    return pageOfPath(location.pathname) === 'trade' ? 'column' : 'drawer';
  });
  const isBeside = createMemo(() => isAssistantOpen() && place() === 'drawer');
  createEffect(() => props.onBeside(isBeside()));
  const close = () => {
    closeAssistant();
    queueMicrotask(() => returnAssistantFocus(() => document.getElementById('main')));
  };
  onCleanup(
    registerExtraPanel({
      ...{ id: 'mikey', label: texts.assistant.name },
      component: () => <Panel onLeave={foldColumn} />,
      isShown: () => place() === 'column',
    }),
  );
  // Asked for on the desk, or brought there from a page: its column opens.
  createEffect(() => {
    if (!isAssistantOpen() || place() !== 'column') return;
    untrack(() => {
      changeLayout({ extraFolded: false });
      closeAssistant();
    });
  });
  return (
    <Switch>
      <Match when={isBeside()}>
        <Drawer onLeave={close} />
      </Match>
      <Match when={isAssistantOpen() && place() === 'sheet'}>
        <Sheet onLeave={closeAssistant} />
      </Match>
    </Switch>
  );
}
