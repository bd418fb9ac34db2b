import { For, Show, createMemo, createSignal, createUniqueId, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { errorText, isDeclined } from '../../data/error-text.ts';
import { preferences } from '../../data/preferences.ts';
import { signAndSubmit } from '../../data/transactions.ts';
import type { MarketHindrance } from '../../domain/market-exit.ts';
import { BPS_SCALE } from '#shared/money/units.ts';
import { formatShare } from '../../domain/format.ts';
import { texts } from '../../i18n/index.ts';
import { recordTexts } from '../../i18n/records.ts';
import { tableTexts } from '../../i18n/tables.ts';
import { Menu } from '../../ui/menu.tsx';
import { habitualSlippageBps } from '../ticket/ticket-memory.ts';
import { openAccountDialog } from './dialogs.ts';
import { MoreIcon } from './icons.tsx';
import type { PositionRow } from './position-row.ts';
import { WorkTag } from './work-tag.tsx';

/** Shares of a position that one press closes, percent. */
const closeShares = [25, 50, 75, 100] as const;
const whole = 100;
const bpsPerPercent = 100;

/** Why a position cannot be closed, by the code of what hinders it, in a table that has room for a word. */
const offWords: Readonly<Record<string, string>> = recordTexts.positions.off;

/** What is done with an open position: a share of it closed by one press, the rest in a menu. */
export function PositionActions(props: { readonly row: PositionRow }): JSX.Element {
  const desk = useDesk();
  const position = () => props.row.position;
  /** What is on its way stands in the place of what would come next: nothing moves. */
  const isBusy = () => props.row.work().length > 0 || props.row.command() !== undefined;
  const t = recordTexts.positions;
  const [share, setShare] = createSignal<number>(whole);
  const [reasonId, termsId] = [createUniqueId(), createUniqueId()];
  /** With what one press sends it: in sight where there is no pointer to show the button's hint. */
  const slippage = () => formatShare(habitualSlippageBps(), BPS_SCALE, 2);
  const terms = () => t.closeTerms(slippage());
  const name = () => t.closeLabel(texts.ticket.share(share()), position().side, position().symbol);
  const hindrance = createMemo(() => props.row.hindrance('close'), undefined, { equals: isSame });
  const close = async () => {
    if (preferences().confirmOrders) {
      openAccountDialog({ kind: 'close', positionId: position().id, sharePercent: share() });
      return;
    }
    const part = share() === whole ? {} : { shareBps: share() * bpsPerPercent };
    const terms = { ...part, maxSlippageBps: Number(habitualSlippageBps()) };
    const { id } = position();
    const closed = await desk.commands.run({
      subject: id,
      failed: t.closeFailed,
      send: (key) => desk.client.positions.close(id, key, terms),
    });
    if (closed !== undefined) setShare(whole);
  };
  return (
    <div
      class="close-position"
      data-busy={isBusy() ? '' : undefined}
      data-off={hindrance() === undefined ? undefined : ''}
    >
      <WorkTag work={props.row.work()} command={props.row.command()} />
      <ShareSwitch share={share()} onShare={setShare} />
      <button
        type="button"
        class="button button-small close-key min-w-[86px]"
        disabled={isBusy() || hindrance() !== undefined}
        title={hindrance()?.text ?? terms()}
        aria-describedby={hindrance() === undefined ? termsId : reasonId}
        aria-label={hindrance() === undefined ? name() : undefined}
        data-testid="close-position"
        onClick={() => void close()}
      >
        <Show
          when={hindrance()}
          fallback={
            <>
              {share() === whole ? t.close : t.closeShare(texts.ticket.share(share()))}
              <span class="close-slippage">{t.closeSlippage(slippage())}</span>
            </>
          }
        >
          {(reason) => (
            <>
              <span class="wide-reason">{reason().title}</span>
              <span class="narrow-reason">{offWords[reason().code] ?? t.off.other}</span>
              {/* Its name begins with what is seen of it. */}
              <span class="visually-hidden">{`: ${name()}`}</span>
            </>
          )}
        </Show>
      </button>
      <span id={reasonId} class="visually-hidden" role="status">
        {hindrance()?.text}
      </span>
      <MoreMenu row={props.row} terms={terms()} />
      <p id={termsId} class="close-terms">
        {terms()}
      </p>
    </div>
  );
}

const isSame = (a: MarketHindrance | undefined, b: MarketHindrance | undefined): boolean =>
  a?.code === b?.code && a?.text === b?.text;

/** Which share the button beside it closes. Arrow keys move the choice. */
function ShareSwitch(props: { readonly share: number; readonly onShare: (share: number) => void }): JSX.Element {
  const move = (event: KeyboardEvent & { currentTarget: HTMLElement }, step: number) => {
    event.preventDefault();
    const at = closeShares.findIndex((percent) => percent === props.share);
    const next = closeShares[(at + step + closeShares.length) % closeShares.length] ?? whole;
    props.onShare(next);
    event.currentTarget.querySelector<HTMLElement>(`[data-share="${next}"]`)?.focus();
  };
  return (
    <div
      class="segmented share-switch"
      role="radiogroup"
      aria-label={recordTexts.positions.shareLabel}
      onKeyDown={(event) => {
        if (event.key === 'ArrowRight' || event.key === 'ArrowDown') move(event, 1);
        if (event.key === 'ArrowLeft' || event.key === 'ArrowUp') move(event, -1);
      }}
    >
      <For each={closeShares}>
        {(percent) => (
          <button
            type="button"
            role="radio"
            aria-checked={props.share === percent}
            aria-label={texts.ticket.share(percent)}
            tabIndex={props.share === percent ? 0 : -1}
            data-share={percent}
            onClick={() => props.onShare(percent)}
          >
            {percent}
          </button>
        )}
      </For>
    </div>
  );
}

function MoreMenu(props: { readonly row: PositionRow; readonly terms: string }): JSX.Element {
  const desk = useDesk();
  const position = () => props.row.position;
  const t = tableTexts.actions;
  const open = (kind: 'close' | 'flip' | 'margin' | 'exits' | 'costs' | 'sharePosition') =>
    openAccountDialog({ kind, positionId: position().id });
  /** The exit that no keeper can refuse: the trader's own request on chain, which anyone may execute in the seconds after it. */
  const exit = async () => {
    const wallet = desk.wallet();
    if (wallet === undefined) return;
    const { closeFailed, exitRequested, exitTitle } = recordTexts.positions;
    try {
      const request = { action: 'request_close', params: { symbol: position().symbol } } as const;
      await signAndSubmit(desk.client, { request, wallet, title: exitTitle, signing: desk.signing, site: desk.site });
      desk.notices.show({ tone: 'neutral', title: exitTitle, text: exitRequested });
    } catch (error) {
      if (!isDeclined(error)) desk.notices.show({ tone: 'warn', title: closeFailed, text: errorText(error) });
    }
  };
  return (
    <Menu
      class="button button-quiet button-small more-button"
      aria-label={t.menuLabel(position().side, position().symbol)}
      data-testid="position-menu"
      name={t.menuLabel(position().side, position().symbol)}
      note={props.row.hindrance('close')?.text ?? props.terms}
      entries={[
        { label: t.closeTerms, testId: 'close-terms', onSelect: () => open('close') },
        {
          label: t.flip,
          testId: 'flip-position',
          off: props.row.hindrance('flip')?.title,
          onSelect: () => open('flip'),
        },
        { label: t.margin, testId: 'menu-margin', onSelect: () => open('margin') },
        { label: t.exits, testId: 'menu-exits', onSelect: () => open('exits') },
        { label: t.costs, testId: 'menu-costs', onSelect: () => open('costs') },
        { label: t.share, testId: 'menu-share', onSelect: () => open('sharePosition') },
        {
          label: t.exit,
          testId: 'exit-position',
          hint: recordTexts.positions.exitHint,
          apart: true,
          onSelect: () => void exit(),
        },
      ]}
    >
      <MoreIcon />
    </Menu>
  );
}
