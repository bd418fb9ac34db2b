import { BorshEventCoder, type Idl } from '@coral-xyz/anchor';
import bs58 from 'bs58';
import idl from '#program/quantdesk_perp_dex.json' with { type: 'json' };
import { type EventStreams, type EventValue, type IndexedEvent, isEventName } from '#shared/events.ts';
import { MARKETS } from '#shared/markets.ts';
import { plainValue } from '../chain/plain-value.ts';
import { base64OfBytes } from '../chain/rpc.ts';
import { idOfBytes } from '../platform/ids.ts';
import type { LandedTransaction } from './chain-reader.ts';

/** First bytes of an event's self-call: sha256("anchor:event")[..8], as anchor-lang writes them. */
const EVENT_TAG = Uint8Array.of(0xe4, 0x45, 0xa5, 0x2e, 0x51, 0xcb, 0x9a, 0x1d);
const uuidBytes = 16;

const coder = new BorshEventCoder(idl as unknown as Idl);

/** The program's addresses that an event is recognised by. */
export interface ProgramAddresses {
  readonly program: string;
  /** PDA that signs the self-calls: nobody but the program can. */
  readonly eventAuthority: string;
}

/**
 * The program's events of a transaction, in the order they were emitted: inner instructions at any depth that call our program with the
 * event tag under the event authority's signature. Logs are never read: they are cut at 10 KB and anyone can fill them. Events newer than
 * this interface are left out.
 */
export function decodeEvents(transaction: LandedTransaction, addresses: ProgramAddresses): IndexedEvent[] {
  const events: IndexedEvent[] = [];
  for (const instruction of transaction.innerInstructions) {
    if (instruction.program !== addresses.program || instruction.accounts[0] !== addresses.eventAuthority) continue;
    const bytes = bs58.decode(instruction.data);
    if (!EVENT_TAG.every((byte, index) => bytes[index] === byte)) continue;
    const decoded = coder.decode(base64OfBytes(bytes.subarray(EVENT_TAG.length)));
    if (decoded === null || !isEventName(decoded.name)) continue;
    const data = domainFields(plainValue(decoded.data));
    events.push({
      name: decoded.name,
      data,
      signature: transaction.signature,
      slot: transaction.slot,
      indexInTransaction: events.length,
      blockTimeMs: transaction.blockTimeMs,
      streams: streamsOf(data),
    });
  }
  return events;
}

/** Order ids are uuids in 16 bytes; everything else is in domain form already. */
function domainFields(value: EventValue): Readonly<Record<string, EventValue>> {
  const data = value as Readonly<Record<string, EventValue>>;
  const { orderId } = data;
  if (!Array.isArray(orderId) || orderId.length !== uuidBytes) return data;
  return { ...data, orderId: idOfBytes(orderId as readonly number[]) };
}

/** An event's place in the streams it is part of; see docs/program.md. */
function streamsOf(data: Readonly<Record<string, EventValue>>): EventStreams {
  const { owner, marketSeq, accountSeq, positionSeq, commandSeq } = data;
  const marketIndex = data.marketIndex ?? changedMarket(data.change);
  const symbol = MARKETS.find((market) => market.index === marketIndex)?.symbol;
  // Number 0: the event had no part in that stream.
  const isMarkets = typeof marketSeq === 'bigint' && marketSeq > 0n;
  return {
    ...(isMarkets && symbol !== undefined ? { market: { symbol, seq: marketSeq } } : {}),
    ...(typeof accountSeq === 'bigint' && typeof owner === 'string' ? { account: { owner, seq: accountSeq } } : {}),
    ...(typeof positionSeq === 'bigint' && typeof owner === 'string' && symbol !== undefined
      ? { position: { owner, symbol, seq: positionSeq, commandSeq: typeof commandSeq === 'bigint' ? commandSeq : 0n } }
      : {}),
  };
}

/** The market that an executed change of parameters names: a field of the variant, beside what changed. */
function changedMarket(change: EventValue | undefined): EventValue | undefined {
  if (typeof change !== 'object' || change === null || Array.isArray(change)) return undefined;
  const [variant] = Object.values(change as Readonly<Record<string, EventValue>>);
  if (typeof variant !== 'object' || variant === null || Array.isArray(variant)) return undefined;
  return (variant as Readonly<Record<string, EventValue>>).marketIndex;
}
