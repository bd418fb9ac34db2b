/**
 * `trading`: commands of a trader, 100 per minute, counted exactly by his AccountObject. `data`: reads, 1,000 per minute per trader or address.
 * `sign-in`: nonces, sign-in and faucet, per address. `none`: liveness.
 */
export type RateClass = 'trading' | 'data' | 'sign-in' | 'none';
