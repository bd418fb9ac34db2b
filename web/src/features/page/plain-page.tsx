import type { Component, JSX } from 'solid-js';

import { texts } from '../../i18n/index.ts';
import { deferred } from '../../ui/deferred.tsx';
import { SkeletonRows } from '../../ui/panel-state.tsx';
import type { PageName } from '../nav/pages.ts';
import { usePageTitle } from './page-title.ts';

/** A page beside the terminal: its content, fetched when it is visited, in a `<main>` that scrolls, also by keyboard. Its name is there at once. */
export function plainPage(name: PageName, load: () => Promise<Component>): Component {
  const Content = deferred(load, () => <SkeletonRows rows={8} />);
  return (): JSX.Element => {
    usePageTitle(() => texts.shell.pages[name]);
    return (
      <main id="main" tabIndex={0} class="page">
        <Content />
      </main>
    );
  };
}
