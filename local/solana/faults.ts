/** How the RPC treats its clients: `hang` never answers, `error` answers 500, `refuse` cuts connections. */
export const outages = ['none', 'hang', 'error', 'refuse'] as const;
export type Outage = (typeof outages)[number];

/** The faults that tests asked for. */
export class Faults {
  outage: Outage = 'none';
  slotsPaused = false;
  /** The next so many sent transactions get a signature and never land, as in a congested network. */
  dropTransactions = 0;
  /** The next so many sent transactions land, and the connection breaks before the answer. */
  loseAnswers = 0;
  /** Milliseconds every answer waits. */
  delayMs = 0;
  /** Whether price accounts follow Hermes. */
  followPrices = true;

  reset(): void {
    Object.assign(this, new Faults());
  }
}

/** Thrown to break the connection instead of answering. */
export class AnswerLost extends Error {}
