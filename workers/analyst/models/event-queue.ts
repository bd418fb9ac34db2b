/**
 * From a producer that pushes to a consumer that iterates. What waits is bounded by what one request may produce (`bounds.ts`).
 */
export class EventQueue<Event> {
  readonly #waiting: Event[] = [];
  #end: { readonly error: unknown } | null = null;
  #wake: () => void = () => undefined;

  push(event: Event): void {
    this.#waiting.push(event);
    this.#wake();
  }

  /** Nothing more comes; with an error, the consumer is thrown it after what waits. */
  close(error: unknown = null): void {
    this.#end ??= { error };
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Event, void, undefined> {
    for (;;) {
      while (this.#waiting.length > 0) yield this.#waiting.shift() as Event;
      if (this.#end !== null) {
        if (this.#end.error !== null) throw this.#end.error;
        return;
      }
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
