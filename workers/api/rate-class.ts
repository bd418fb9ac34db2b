/**
 * `trading`: commands of a trader, 100 per minute, counted exactly by his AccountObject. `data`: reads, 1,000 per minute per trader or address.
 * `assistant`: questions and analyses, 30 per minute and trader, beside what an hour may hold: it bounds
 * what comes at once. `sign-in`: nonces, sign-in and faucet, per address. `none`: liveness.
 */
export type RateClass = 'trading' | 'data' | 'assistant' | 'sign-in' | 'none';
