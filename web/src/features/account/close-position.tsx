import { newIdempotencyKey } from '#sdk/index.ts';
import type { PositionDto } from '#shared/protocol/positions.ts';
import { For, createSignal, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { errorText, isDeclined } from '../../data/error-text.ts';
import { signAndSubmit } from '../../data/transactions.ts';
import { texts } from '../../i18n/index.ts';

/** Shares of a position that one press closes, percent. */
const closeShares = [25, 50, 75, 100] as const;
const whole = 100;
const bpsPerPercent = 100;

/** Closes a position, or a share of it, at the next eligible price. */
export function ClosePosition(props: { readonly position: PositionDto }): JSX.Element {
  const desk = useDesk();
  const t = texts.positions;
  const [closing, setClosing] = createSignal(false);
  const [share, setShare] = createSignal<number>(whole);
  const close = async () => {
    setClosing(true);
    try {
      const terms = share() === whole ? {} : { shareBps: share() * bpsPerPercent };
      desk.own.learnOrder(await desk.client.positions.close(props.position.id, newIdempotencyKey(), terms));
      setShare(whole);
    } catch (error) {
      desk.notices.show({ tone: 'warn', title: t.closeFailed, text: errorText(error) });
    } finally {
      setClosing(false);
    }
  };
  /** The exit that no keeper can refuse: the trader's own request on chain, which anyone may execute in the seconds after it. */
  const exit = async () => {
    const wallet = desk.wallet();
    if (wallet === undefined) return;
    setClosing(true);
    try {
      const request = { action: 'request_close', params: { symbol: props.position.symbol } } as const;
      await signAndSubmit(desk.client, { request, wallet, title: t.exitTitle, signing: desk.signing });
      desk.notices.show({ tone: 'neutral', title: t.exitTitle, text: t.exitRequested });
    } catch (error) {
      if (!isDeclined(error)) desk.notices.show({ tone: 'warn', title: t.closeFailed, text: errorText(error) });
    } finally {
      setClosing(false);
    }
  };
  return (
    <div class="close-position">
      <div class="segmented share-switch" role="radiogroup" aria-label={t.shareLabel}>
        <For each={closeShares}>
          {(percent) => (
            <button
              type="button"
              role="radio"
              aria-checked={share() === percent}
              aria-label={texts.ticket.share(percent)}
              onClick={() => setShare(percent)}
            >
              {percent}
            </button>
          )}
        </For>
      </div>
      <button
        type="button"
        class="button button-small min-w-[86px]"
        disabled={closing()}
        aria-label={t.closeLabel(texts.ticket.share(share()), props.position.side, props.position.symbol)}
        data-testid="close-position"
        onClick={() => void close()}
      >
        {closing() ? t.closing : share() === whole ? t.close : t.closeShare(texts.ticket.share(share()))}
      </button>
      <button
        type="button"
        class="button button-quiet button-small"
        disabled={closing()}
        title={t.exitHint}
        aria-label={t.exitLabel(props.position.side, props.position.symbol)}
        data-testid="exit-position"
        onClick={() => void exit()}
      >
        {t.exit}
      </button>
    </div>
  );
}
