import { z } from 'zod';
import { finalitySlots, type LocalChain } from './chain.ts';
import { type Faults, outages } from './faults.ts';

const slotsPerCommandMax = 1_000;
const warpSecondsMax = 30 * 86_400;
const delayMsMax = 60_000;
const transactionsMax = 10_000;

/**
 * A command of the control endpoint. Every field is optional and does one thing; several in one command are applied in
 * the order they stand here.
 */
export const controlSchema = z
  .strictObject({
    /** No faults, slots run, prices are followed. The clock stays where it is. */
    reset: z.literal(true),
    /** What the RPC and its sockets do instead of answering. */
    outage: z.enum(outages),
    /** Whether the chain stands still. */
    slots: z.enum(['running', 'paused']),
    /** The next so many sent transactions get a signature and never land. */
    drop_transactions: z.int().min(0).max(transactionsMax),
    /** The next so many sent transactions land, and the connection breaks before the answer. */
    lose_answers: z.int().min(0).max(transactionsMax),
    /**
     * A fork: what landed in the last so many slots vanishes, accounts are as they were. Those of these transactions whose signatures are in
     * `keep` land again, in a new slot.
     */
    fork: z.strictObject({
      slots: z.int().min(1).max(finalitySlots),
      keep: z.array(z.string()).max(transactionsMax).default([]),
    }),
    /** Milliseconds every answer waits. */
    delay_ms: z.int().min(0).max(delayMsMax),
    /** Whether price accounts follow Hermes. */
    follow_prices: z.boolean(),
    /** Moves the chain's clock ahead. */
    warp_seconds: z.int().min(1).max(warpSecondsMax),
    /** Starts so many slots at once. */
    advance_slots: z.int().min(1).max(slotsPerCommandMax),
  })
  .partial();

export type ControlCommand = z.output<typeof controlSchema>;

/** Applies a command. `cutConnections` is called when an outage begins that leaves no connection standing. */
export function applyControl(
  chain: LocalChain,
  faults: Faults,
  command: ControlCommand,
  cutConnections: () => void,
): void {
  if (command.reset) faults.reset();
  if (command.outage !== undefined) faults.outage = command.outage;
  if (command.outage === 'refuse') cutConnections();
  if (command.slots !== undefined) faults.slotsPaused = command.slots === 'paused';
  if (command.drop_transactions !== undefined) faults.dropTransactions = command.drop_transactions;
  if (command.lose_answers !== undefined) faults.loseAnswers = command.lose_answers;
  if (command.fork !== undefined) {
    const { slots, keep } = command.fork;
    chain.fork(slots, new Set(keep));
  }
  if (command.delay_ms !== undefined) faults.delayMs = command.delay_ms;
  if (command.follow_prices !== undefined) faults.followPrices = command.follow_prices;
  if (command.warp_seconds !== undefined) chain.warp(command.warp_seconds);
  for (let count = 0; count < (command.advance_slots ?? 0); count++) chain.advance();
}
