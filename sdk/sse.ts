/** One server-sent event: its name and data. */
export interface ServerSentEvent {
  readonly event: string;
  readonly data: string;
}

/** Characters of one event: the exchange sends none near it. */
const eventLengthMax = 1_000_000;

/** Cuts text as it arrives into events (WHATWG HTML, 9.2.6). Comments and fields other than `event` and `data` say nothing here. */
export class ServerSentEvents {
  #rest = '';

  /** The events that this piece completes. @throws RangeError where one is longer than any the exchange sends. */
  push(piece: string): ServerSentEvent[] {
    this.#rest += piece.replaceAll('\r\n', '\n');
    const blocks = this.#rest.split('\n\n');
    this.#rest = blocks.pop() ?? '';
    if (this.#rest.length > eventLengthMax) throw new RangeError('a server-sent event is too long');
    return blocks.flatMap(readEvent);
  }
}

function readEvent(block: string): ServerSentEvent[] {
  let event = 'message';
  const data: string[] = [];
  for (const line of block.split('\n')) {
    const [, field, value] = /^(event|data):? ?(.*)$/.exec(line) ?? [];
    if (field === 'event') event = value ?? '';
    else if (field === 'data') data.push(value ?? '');
  }
  return data.length === 0 ? [] : [{ event, data: data.join('\n') }];
}
