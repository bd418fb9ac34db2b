import { useLocation, useSearchParams } from '@solidjs/router';
import { Show, createSignal, type Component, type JSX } from 'solid-js';
import { Dynamic } from 'solid-js/web';

import { useDesk } from '../../data/desk.ts';
import { texts } from '../../i18n/index.ts';
import { deferred } from '../../ui/deferred.tsx';
import { AssistantIcon, ListIcon, MenuIcon, PieIcon, TradeIcon } from '../../ui/icons.tsx';
import { isAssistantOpen, openAssistant } from '../mikey/state.ts';
import { pageOfPath, tradeHref } from './pages.ts';

const MoreSheet = deferred(() => import('./more-sheet.tsx').then((module) => module.MoreSheet));

type Place = 'trade' | 'positions' | 'portfolio';

/** Where one is, on a phone: within thumb's reach on every page. */
export function BottomBar(): JSX.Element {
  const desk = useDesk();
  const location = useLocation();
  const [search] = useSearchParams();
  const [more, setMore] = createSignal(false);
  const here = (): Place | undefined => {
    const page = pageOfPath(location.pathname);
    if (page === 'trade') return search.view === 'positions' ? 'positions' : 'trade';
    return page === 'portfolio' ? 'portfolio' : undefined;
  };
  const open = () => desk.own.account.positions?.length ?? 0;
  const t = texts.shell.pages;
  return (
    <nav class="bottom-bar" aria-label={texts.shell.navigation}>
      <Item place="trade" here={here()} href={tradeHref()} label={t.trade} icon={TradeIcon} />
      <Item
        place="positions"
        here={here()}
        href={`${tradeHref()}?view=positions`}
        label={texts.tabs.positions}
        icon={ListIcon}
        count={open()}
      />
      <Item place="portfolio" here={here()} href="/portfolio" label={t.portfolio} icon={PieIcon} />
      <button
        type="button"
        class="bottom-item"
        aria-haspopup="dialog"
        aria-expanded={isAssistantOpen()}
        data-testid="open-mikey"
        onClick={openAssistant}
      >
        <AssistantIcon />
        {texts.assistant.name}
      </button>
      <button
        type="button"
        class="bottom-item"
        aria-haspopup="dialog"
        aria-expanded={more()}
        data-testid="bottom-more"
        onClick={() => setMore(true)}
      >
        <MenuIcon />
        {t.more}
      </button>
      <Show when={more()}>
        <MoreSheet onClose={() => setMore(false)} />
      </Show>
    </nav>
  );
}

function Item(props: {
  readonly place: Place;
  readonly here: Place | undefined;
  readonly href: string;
  readonly label: string;
  readonly icon: Component<{ readonly size?: number }>;
  readonly count?: number;
}): JSX.Element {
  // A plain link: the router's own marks every address that shares the path, and two places here do.
  return (
    <a
      href={props.href}
      class="bottom-item"
      aria-current={props.here === props.place ? 'page' : undefined}
      data-testid={`bottom-${props.place}`}
    >
      <Dynamic component={props.icon} />
      {props.label}
      <Show when={(props.count ?? 0) > 0}>
        <span class="bottom-count">{props.count}</span>
      </Show>
    </a>
  );
}
