import { Match, Switch, createSignal, onMount, type Component, type JSX } from 'solid-js';
import { Dynamic } from 'solid-js/web';

import { texts } from '../i18n/index.ts';
import { Notice } from './panel-state.tsx';

/**
 * A part of the terminal that is fetched when it is first shown: nothing else waits for it, and a fetch that fails says so and can be
 * repeated (a release may have removed the file: then the page is loaded anew). `load` names one `import()`.
 */
export function deferred<Props extends object>(
  load: () => Promise<Component<Props>>,
  placeholder?: () => JSX.Element,
): Component<Props> {
  let loaded: Component<Props> | undefined;
  return (props) => {
    const [part, setPart] = createSignal<Component<Props> | undefined>(loaded);
    const [failed, setFailed] = createSignal(false);
    const fetchPart = () => {
      setFailed(false);
      load().then(
        (component) => {
          loaded = component;
          setPart(() => component);
        },
        () => setFailed(true),
      );
    };
    onMount(() => {
      if (part() === undefined) fetchPart();
    });
    return (
      <Switch fallback={placeholder?.()}>
        <Match when={part()}>{(component) => <Dynamic component={component()} {...props} />}</Match>
        <Match when={failed()}>
          <Notice title={texts.common.failed} text={texts.shell.partFailed}>
            <button type="button" class="button button-small" onClick={fetchPart}>
              {texts.common.retry}
            </button>
            <button type="button" class="button button-small" onClick={() => location.reload()}>
              {texts.shell.reload}
            </button>
          </Notice>
        </Match>
      </Switch>
    );
  };
}
