/** What a model writes in one answer. */
export interface WrittenAnswer {
  /** Text, piece by piece as it is streamed. */
  readonly text?: readonly string[];
  /** Tools it asks for; `args` as it writes them, JSON or not. */
  readonly toolCalls?: readonly { readonly name: string; readonly args: string }[];
  /** Thinks before it answers, signed (Anthropic alone). */
  readonly thinking?: { readonly text: string; readonly signature: string };
  readonly end?: 'complete' | 'length' | 'refusal';
  /** Null: the server tells no usage. */
  readonly usage?: { readonly input: number; readonly output: number } | null;
  /** Sends events that no client knows, between those of the answer. */
  readonly withUnknownEvents?: boolean;
}

/** How a server treats one request. */
export type Behaviour =
  | ({ readonly kind: 'answer' } & WrittenAnswer)
  /** An answer of this status; `message` is what the provider says. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly message?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Ends the connection without a word. */
  | { readonly kind: 'reset' }
  /** Takes the request and says nothing at all. */
  | { readonly kind: 'hang' }
  /** Sends so many pieces of text, then nothing more, with the connection open. */
  | { readonly kind: 'stall'; readonly text: readonly string[] }
  /** Sends so many pieces of text, then ends: the connection breaks, or the stream is closed as if it were whole. */
  | { readonly kind: 'cut'; readonly text: readonly string[]; readonly by: 'reset' | 'end' }
  /** The protocol's own error event in the middle of the stream, after so many pieces of text. */
  | { readonly kind: 'error_event'; readonly text: readonly string[] }
  /** An event whose data is no JSON. */
  | { readonly kind: 'invalid_json' }
  /** 200 with something that is no stream of the protocol. */
  | { readonly kind: 'page'; readonly contentType: string; readonly body: string }
  /** Begins an answer and then only says that it is alive, without an end. */
  | { readonly kind: 'pings'; readonly everyMs: number }
  /** Text without an end, in pieces or in one event that never closes. */
  | { readonly kind: 'endless'; readonly piece: string; readonly isOneEvent?: boolean };

/** One protocol as its server speaks it. */
export interface Wire {
  /** Where requests go, below the base URL of the settings. */
  readonly path: string;
  /** What is wrong with a request, as the provider would refuse it; null for a good one. */
  problemOf(body: Readonly<Record<string, unknown>>, headers: Readonly<Record<string, unknown>>): string | null;
  /** The body of an error status. */
  error(status: number, message: string): string;
  /** The frames before any text. */
  begin(input: number): string[];
  text(piece: string): string;
  /** The frames of a whole answer. */
  answer(written: WrittenAnswer): string[];
  errorEvent(): string;
  invalidJson(): string;
}
