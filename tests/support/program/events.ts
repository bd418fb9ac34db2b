import type anchor from '@coral-xyz/anchor';
import type { CalledInstruction } from '../../../local/solana/vm.ts';
import { PROGRAM_ID } from './addresses.ts';
import { program } from './client.ts';
import { type Plain, plain } from './plain.ts';
import type { QuantdeskPerpDex } from '#program/quantdesk_perp_dex.ts';

type Events = anchor.IdlEvents<QuantdeskPerpDex>;
/** Names of the program's events, as the client spells them. */
export type EventName = keyof Events;
/** An event's content in plain values. */
export type EventOf<Name extends EventName> = Plain<Events[Name]>;

/** An event as a transaction carried it. */
export type ProgramEvent = { [Name in EventName]: { readonly name: Name; readonly data: EventOf<Name> } }[EventName];

/** First bytes of a self-CPI that carries an event. */
const eventTag = Buffer.from([0xe4, 0x45, 0xa5, 0x2e, 0x51, 0xcb, 0x9a, 0x1d]);

/** The program's events among a transaction's called instructions, in order. `keys` are the transaction's account keys. */
export function decodeEvents(
  inner: readonly (readonly CalledInstruction[])[],
  keys: readonly anchor.web3.PublicKey[],
): ProgramEvent[] {
  return inner.flat().flatMap((call) => {
    const data = Buffer.from(call.data);
    const isEvent = keys[call.programIdIndex]?.equals(PROGRAM_ID) === true && data.subarray(0, 8).equals(eventTag);
    if (!isEvent) return [];
    const event = program.coder.events.decode(data.subarray(8).toString('base64'));
    if (event === null) throw new Error('an event of the program is not in its IDL');
    return [{ name: event.name, data: plain(event.data) } as unknown as ProgramEvent];
  });
}
