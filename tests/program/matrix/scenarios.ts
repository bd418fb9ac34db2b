/** A transaction that works for every instruction: what the mutations are made of. */
import type { Baseline } from './mutations.ts';
import type { World } from './world.ts';
import { EXCHANGE_SCENARIOS } from './scenarios-exchange.ts';
import { GOVERNANCE_SCENARIOS } from './scenarios-governance.ts';
import { POOL_SCENARIOS } from './scenarios-pool.ts';
import { OUTFLOW_SCENARIOS } from './scenarios-outflow.ts';
import { TRADE_SCENARIOS } from './scenarios-trade.ts';

/** One way in which an instruction works. */
export interface Scenario {
  readonly instruction: string;
  /** What is special about it, where an instruction has several. */
  readonly variant?: string;
  /** Starts before the exchange exists. */
  readonly fromNothing?: boolean;
  readonly build: (world: World) => Promise<Baseline>;
}

export const SCENARIOS: readonly Scenario[] = [
  ...EXCHANGE_SCENARIOS,
  ...GOVERNANCE_SCENARIOS,
  ...TRADE_SCENARIOS,
  ...POOL_SCENARIOS,
  ...OUTFLOW_SCENARIOS,
];
