/**
 * How long and how large anything with a model may become. Tests pass shorter ones.
 */
export interface ModelBounds {
  /** From sending a request until the headers of its answer, ms. */
  readonly headersMsMax: number;
  /** Between two pieces of a streamed answer, ms. A provider's pings count as pieces. */
  readonly silenceMsMax: number;
  /** A whole request, with all its rounds, tries and models, ms. */
  readonly requestMsMax: number;
  /** What is sent to a model at once, bytes. No more tokens than bytes: always within a price's first band of 100,000 tokens. */
  readonly promptBytesMax: number;
  /** What a model sends in one answer, framing included, bytes. */
  readonly streamBytesMax: number;
  /** Text and arguments of one answer, bytes. */
  readonly answerBytesMax: number;
  /** How often a model may ask for tools within one request. */
  readonly toolRoundsMax: number;
  /** How many tools it may ask for at once. */
  readonly toolCallsMax: number;
  /** One tool, ms. */
  readonly toolMsMax: number;
  /** What one tool answers, bytes of JSON. */
  readonly toolResultBytesMax: number;
}

export const modelBounds: ModelBounds = {
  headersMsMax: 30_000,
  silenceMsMax: 30_000,
  requestMsMax: 180_000,
  promptBytesMax: 96_000,
  streamBytesMax: 4_000_000,
  answerBytesMax: 64_000,
  toolRoundsMax: 6,
  toolCallsMax: 8,
  toolMsMax: 10_000,
  toolResultBytesMax: 16_000,
};

/** Bytes of a text in UTF-8. */
export const bytesOf = (text: string): number => new TextEncoder().encode(text).length;
