import type { ChatEvent } from '#shared/protocol/ai-chat.ts';
import { sleep } from '../../platform/clock.ts';
import { eventText } from './chat-stream.ts';

export interface StreamBounds {
  /** From its beginning on: longer than any model may take, so that only a caller who does not read meets it. Milliseconds. */
  readonly answerMsMax: number;
  /** Silence after which a comment is sent: proxies close what is silent for a minute or two. Milliseconds. */
  readonly silenceMsMax: number;
}

const streamBounds: StreamBounds = { answerMsMax: 240_000, silenceMsMax: 15_000 };

/** Says nothing (WHATWG HTML, 9.2.6). */
const comment = ': still here\n\n';

/**
 * An answer as server-sent events, made no faster than they are read. A caller who leaves, or reads too slowly, ends the answer; `ended` settles
 * when it is kept and paid for, whatever ended it.
 */
export function answerStream(
  events: AsyncGenerator<ChatEvent, void>,
  stop: AbortController,
  { answerMsMax, silenceMsMax }: StreamBounds = streamBounds,
): { readonly stream: ReadableStream<Uint8Array>; readonly ended: Promise<void> } {
  const encoder = new TextEncoder();
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  let pending: Promise<IteratorResult<ChatEvent, void>> | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = (): void => {
    clearTimeout(timer);
    resolve();
  };
  const leave = (): Promise<unknown> => {
    stop.abort();
    // What is said last is not heard any more.
    return events.return().finally(over);
  };
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => {
      timer = setTimeout(() => {
        controller.error(new Error('the answer was not read in time'));
        leave().catch(over);
      }, answerMsMax);
    },
    pull: async (controller) => {
      pending ??= events.next();
      const next = await withinSilence(pending, silenceMsMax);
      if (next === null) return controller.enqueue(encoder.encode(comment));
      pending = null;
      if (next.done !== true) return controller.enqueue(encoder.encode(eventText(next.value)));
      controller.close();
      over();
    },
    cancel: async () => {
      await leave();
    },
  });
  return { stream, ended };
}

/** The next event; null where it stays away for so long. */
async function withinSilence<T>(pending: Promise<T>, silenceMs: number): Promise<T | null> {
  const heard = new AbortController();
  try {
    return await Promise.race([pending, sleep(silenceMs, heard.signal).then(() => null)]);
  } finally {
    heard.abort();
  }
}
