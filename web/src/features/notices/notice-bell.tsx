import * as Popover from '../../ui/popover.tsx';
import { Show, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { texts } from '../../i18n/index.ts';
import { deferred } from '../../ui/deferred.tsx';
import { BellIcon } from '../../ui/icons.tsx';
import { SkeletonRows } from '../../ui/panel-state.tsx';
import { isNoticeHistoryOpen, showNoticeHistory } from './state.ts';

const NoticeHistory = deferred(
  () => import('./notice-history.tsx').then((module) => module.NoticeHistory),
  () => <SkeletonRows rows={4} />,
);

/** More are shown as "99+". */
const unreadShownMax = 99;

/** How many notices came since the last look, and the history behind it. */
export function NoticeBell(): JSX.Element {
  const desk = useDesk();
  const t = texts.history;
  const unread = () => desk.notices.unread();
  return (
    <Popover.Root open={isNoticeHistoryOpen()} onOpenChange={showNoticeHistory} placement="bottom-end" gutter={6}>
      <Popover.Trigger
        class="button button-quiet icon-button relative"
        aria-label={unread() === 0 ? t.open : t.openUnread(unread())}
        title={t.title}
        data-testid="notice-bell"
      >
        <BellIcon />
        <Show when={unread() > 0}>
          <span class="bell-count" aria-hidden="true" data-testid="unread">
            {unread() > unreadShownMax ? `${unreadShownMax}+` : unread()}
          </span>
        </Show>
      </Popover.Trigger>
      <Popover.Content class="popover notice-panel" aria-label={t.title}>
        <NoticeHistory onLeave={() => showNoticeHistory(false)} />
      </Popover.Content>
    </Popover.Root>
  );
}
