/** What a trader asks for, by the name that tables use. */
export type OperationName =
  | 'markets'
  | 'candles'
  | 'positions'
  | 'balance'
  | 'orders'
  | 'preview'
  | 'limit'
  | 'amend'
  | 'cancel'
  | 'open'
  | 'close'
  | 'cancel-after';

export interface MixEntry {
  readonly operation: OperationName;
  /** Per trader and minute. */
  readonly perMinute: number;
  readonly isCommand: boolean;
  readonly why: string;
}

/**
 * A trader at work with the terminal open. Prices, orders and positions come over the sockets (measured by the scenario `sockets`); what is left
 * for REST is what the terminal asks when a screen opens or a form is typed in, and the commands themselves. Two round trips a minute are a
 * very active trader: the mix is meant to be heavier than a day's average, which docs/scale.md assumes separately.
 */
export const mix: readonly MixEntry[] = [
  { operation: 'preview', perMinute: 6, isCommand: false, why: 'the order form asks at each pause in typing' },
  { operation: 'positions', perMinute: 2, isCommand: false, why: 'a screen opened, and bots that poll' },
  { operation: 'balance', perMinute: 2, isCommand: false, why: 'a screen opened' },
  { operation: 'orders', perMinute: 2, isCommand: false, why: 'a screen opened, read from the database' },
  { operation: 'markets', perMinute: 1, isCommand: false, why: 'the list of markets' },
  { operation: 'candles', perMinute: 1, isCommand: false, why: 'the chart of another interval' },
  { operation: 'limit', perMinute: 3, isCommand: true, why: 'quotes some percent away, which rest' },
  { operation: 'amend', perMinute: 2, isCommand: true, why: 'most quotes are moved before they end' },
  { operation: 'cancel', perMinute: 3, isCommand: true, why: 'as many as are placed: none fills' },
  { operation: 'open', perMinute: 1, isCommand: true, why: 'a market order, answered when it is executed' },
  { operation: 'close', perMinute: 1, isCommand: true, why: 'of the position opened before' },
  { operation: 'cancel-after', perMinute: 1, isCommand: true, why: 'the heartbeat of a bot' },
];

/** Requests of one trader in a minute. */
export const requestsPerTraderMinute = mix.reduce((sum, { perMinute }) => sum + perMinute, 0);

/** The operation that a random number in [0, 1) chooses. */
export function chosen(random: number): OperationName {
  let left = random * requestsPerTraderMinute;
  for (const { operation, perMinute } of mix) {
    left -= perMinute;
    if (left < 0) return operation;
  }
  return 'preview';
}

/** Requests per second of so many traders. */
export const requestsPerSecond = (traders: number): number => (traders * requestsPerTraderMinute) / 60;
