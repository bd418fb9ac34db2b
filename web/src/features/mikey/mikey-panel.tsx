import { A, useLocation } from '@solidjs/router';
import { Match, Show, Switch, createEffect, createSignal, on, type JSX } from 'solid-js';

import { useAssistant } from '../../data/assistant.ts';
import { useDesk } from '../../data/desk.ts';
import { texts } from '../../i18n/index.ts';
import { mikeyTexts } from '../../i18n/mikey.ts';
import { createPhone } from '../../ui/media.ts';
import { Notice, SkeletonRows } from '../../ui/panel-state.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { openWalletDialog } from '../wallet/dialogs.ts';
import { SessionEnded } from '../wallet/sign-in-again.tsx';
import { AnalysesView } from './analyses-view.tsx';
import { ChatView } from './chat-view.tsx';
import { HistoryView } from './history-view.tsx';
import { PlusIcon, RecordIcon } from './icons.tsx';
import { LiveAnswer } from './live-answer.tsx';
import { assistantFocusAsked, closeAssistant, isAssistantFocusDue } from './state.ts';

type View = 'chat' | 'analyses' | 'history';
const views: readonly View[] = ['chat', 'analyses', 'history'];

/** What is looked at stays while the panel is folded. */
const [view, setView] = createSignal<View>('chat');

/** The assistant: chat, analyses and earlier conversations. `onLeave`: the trader is done with it for now. */
export function MikeyPanel(props: { readonly onLeave: () => void }): JSX.Element {
  const desk = useDesk();
  const assistant = useAssistant();
  // Whoever asks for the question field means the chat.
  createEffect(on(assistantFocusAsked, () => isAssistantFocusDue() && setView('chat')));
  const leave = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    event.preventDefault();
    props.onLeave();
  };
  const isTrader = () => desk.session.address() !== undefined && desk.stage() !== 'ended';
  const begin = () => {
    assistant.begin();
    setView('chat');
  };
  return (
    <section class="mikey" aria-label={mikeyTexts.name} data-testid="mikey" onKeyDown={leave}>
      <Show when={isTrader()} fallback={<Outside />}>
        <header class="mikey-bar">
          <Segmented
            label={mikeyTexts.views}
            class="mikey-views"
            options={views.map((value) => ({ value, label: mikeyTexts.viewNames[value] }))}
            value={view()}
            onChange={setView}
          />
          <RecordLink />
          <button
            type="button"
            class="button button-quiet icon-button"
            aria-label={mikeyTexts.newConversation}
            title={mikeyTexts.newConversation}
            disabled={assistant.conversation.entries.length === 0}
            data-testid="new-conversation"
            onClick={begin}
          >
            <PlusIcon />
          </button>
        </header>
        <Switch>
          <Match when={view() === 'chat'}>
            <ChatView />
          </Match>
          <Match when={view() === 'analyses'}>
            <AnalysesView />
          </Match>
          <Match when={view() === 'history'}>
            <HistoryView onOpen={() => setView('chat')} />
          </Match>
        </Switch>
      </Show>
      <LiveAnswer />
    </section>
  );
}

/** How often MIKEY was right: one press away from what it says. */
function RecordLink(): JSX.Element {
  const location = useLocation();
  const phone = createPhone();
  const here = () => location.pathname === '/track-record';
  return (
    <A
      href="/track-record"
      class="button button-quiet icon-button"
      aria-label={mikeyTexts.recordLink}
      aria-current={here() ? 'page' : undefined}
      title={mikeyTexts.recordLink}
      data-testid="to-track-record"
      onClick={() => phone() && closeAssistant()}
    >
      <RecordIcon />
    </A>
  );
}

/** Without a session: the way in, and the one thing that anyone may read. */
function Outside(): JSX.Element {
  const desk = useDesk();
  const phone = createPhone();
  const t = mikeyTexts.visitor;
  return (
    <Switch fallback={<SkeletonRows rows={6} />}>
      <Match when={desk.stage() === 'ended'}>
        <SessionEnded />
      </Match>
      <Match when={desk.stage() === 'visitor'}>
        <div class="mikey-outside" data-testid="mikey-visitor">
          <Notice title={t.title} text={t.text}>
            <button type="button" class="button button-accent button-small" onClick={openWalletDialog}>
              {texts.wallet.connect}
            </button>
            <A href="/track-record" class="button button-small" onClick={() => phone() && closeAssistant()}>
              {mikeyTexts.recordLink}
            </A>
          </Notice>
        </div>
      </Match>
    </Switch>
  );
}
