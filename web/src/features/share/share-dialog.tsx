import { Show, createEffect, createMemo, createSignal, onCleanup, type JSX } from 'solid-js';

import { saveBlob } from '../../data/save-file.ts';
import type { ShareCard } from '../../domain/share-card.ts';
import { wordsOf, type CardWords } from '../../domain/share-card-words.ts';
import { shareTexts as t } from '../../i18n/share.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Notice, PanelState, type PanelStatus } from '../../ui/panel-state.tsx';
import { Switch } from '../../ui/switch.tsx';
import { theme } from '../../ui/theme.ts';
import { cardSize, drawCard, pngOf } from './draw-card.ts';

/** The window of a share card: what it shows, with or without amounts, and the ways to take it along. */
export function ShareDialog(props: {
  readonly card: ShareCard | undefined;
  readonly status: PanelStatus;
  readonly errorText?: string | undefined;
  readonly onRetry?: () => void;
  readonly onClose: () => void;
}): JSX.Element {
  return (
    <Dialog open onClose={props.onClose} title={t.title} description={t.text} wide>
      <div class="grid gap-3 pt-2" data-testid="share">
        <PanelState
          status={props.status}
          skeleton={<div class="skeleton share-card" />}
          empty={<Notice title={t.unreadable} text={t.unreadableText} />}
          errorText={props.errorText}
          onRetry={() => props.onRetry?.()}
        >
          <Show when={props.card}>{(card) => <CardMaker card={card()} />}</Show>
        </PanelState>
      </div>
    </Dialog>
  );
}

const canCopy = (): boolean => 'clipboard' in navigator && 'ClipboardItem' in window;
const fileOf = (png: Blob, name: string): File => new File([png], `${name}.png`, { type: 'image/png' });
/** Whether the system's own sheet takes pictures. */
const canSend = (): boolean =>
  'canShare' in navigator && navigator.canShare({ files: [fileOf(new Blob(), 'quantdesk')] });
const isLeft = (error: unknown): boolean => error instanceof DOMException && error.name === 'AbortError';

function CardMaker(props: { readonly card: ShareCard }): JSX.Element {
  const [isWithAmounts, setWithAmounts] = createSignal(false);
  const [said, setSaid] = createSignal('');
  const words = createMemo(() => wordsOf(props.card, isWithAmounts()));
  let canvas!: HTMLCanvasElement;
  const draw = createDrawing(() => canvas, words, setSaid);
  /** Runs one of the keys; `failed` is said where the browser refuses it, and nothing where the visitor leaves it. */
  const run = (work: () => Promise<void>, done: string, failed: string) => {
    work().then(
      () => setSaid(done),
      (error: unknown) => setSaid(isLeft(error) ? '' : failed),
    );
  };
  // The picture is handed over as a promise: a browser asks that copying begins with the press itself.
  const copy = () => navigator.clipboard.write([new ClipboardItem({ 'image/png': draw().then(pngOf) })]);
  const save = async () => saveBlob(`${words().fileName}.png`, await pngOf(await draw()));
  const send = async () => navigator.share({ files: [fileOf(await pngOf(await draw()), words().fileName)] });
  return (
    <>
      <canvas
        ref={canvas}
        class="share-card"
        {...cardSize}
        role="img"
        aria-label={words().alternative}
        data-testid="share-card"
      />
      <Switch
        label={t.amounts}
        hint={t.amountsHint}
        on={isWithAmounts()}
        onChange={(on) => {
          setSaid('');
          setWithAmounts(on);
        }}
        testId="share-amounts"
      />
      <div class="share-keys">
        <Show when={canCopy()}>
          <button
            type="button"
            class="button"
            data-testid="share-copy"
            onClick={() => run(copy, t.copied, t.copyFailed)}
          >
            {t.copy}
          </button>
        </Show>
        <button type="button" class="button" data-testid="share-save" onClick={() => run(save, t.saved, t.drawFailed)}>
          {t.save}
        </button>
        <Show when={canSend()}>
          <button type="button" class="button" data-testid="share-send" onClick={() => run(send, '', t.sendFailed)}>
            {t.send}
          </button>
        </Show>
      </div>
      <p role="status" class="min-h-[1.5em] text-ink-2" data-testid="share-said">
        {said()}
      </p>
    </>
  );
}

/** Keeps the picture as the words and the theme are. Returns a function that waits for the picture of now. */
function createDrawing(
  canvas: () => HTMLCanvasElement,
  words: () => CardWords,
  say: (text: string) => void,
): () => Promise<HTMLCanvasElement> {
  let drawn: Promise<HTMLCanvasElement> = Promise.reject(new Error('not begun'));
  drawn.catch(() => undefined);
  let isGone = false;
  onCleanup(() => (isGone = true));
  createEffect(() => {
    theme();
    const shown = words();
    // One after the other: what was asked for last is what stays.
    drawn = drawn
      .catch(() => undefined)
      .then(() => drawCard(canvas(), shown))
      .then(() => canvas());
    drawn.catch(() => !isGone && say(t.drawFailed));
  });
  return () => drawn;
}
