import type { EventValue, IndexedEvent } from '#shared/events.ts';
import { entryValue, price, quote, size } from '#shared/money/units.ts';
import type { EntryValue, Price, Quote, Size } from '#shared/money/units.ts';
import type { Side } from '#shared/perps/types.ts';
import { idOfBytes } from '../../workers/platform/ids.ts';

/** An event whose fields are not what the program writes: decoder and program differ. Nothing of the batch is applied. */
export class MalformedEvent extends Error {
  override readonly name = 'MalformedEvent';
}

/** What an instruction found or left of a position. */
export interface PositionParts {
  readonly side: Side;
  readonly size: Size;
  readonly entryValue: EntryValue;
  readonly margin: Quote;
}

const NIL_ORDER_ID = '00000000-0000-0000-0000-000000000000';
/** The default key: nobody. */
const DEFAULT_KEY = '11111111111111111111111111111111';

/** Reads an event's fields by name, each with the type it must have. */
export class EventFields {
  readonly #event: IndexedEvent;
  readonly #fields: Readonly<Record<string, EventValue>>;

  constructor(event: IndexedEvent, fields: Readonly<Record<string, EventValue>> = event.data) {
    this.#event = event;
    this.#fields = fields;
  }

  integer(name: string): bigint {
    const value = this.#fields[name];
    if (typeof value === 'bigint') return value;
    if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
    throw this.#malformed(name, 'an integer');
  }

  /** 0 where the event has no such field. */
  integerOrZero(name: string): bigint {
    return this.#fields[name] === undefined ? 0n : this.integer(name);
  }

  text(name: string): string {
    const value = this.#fields[name];
    if (typeof value === 'string') return value;
    throw this.#malformed(name, 'a text');
  }

  /** A key, null where it is the default one. */
  key(name: string): string | null {
    const key = this.text(name);
    return key === DEFAULT_KEY ? null : key;
  }

  /** An order's id, as its text or as its 16 bytes; null where the trade had none. */
  orderId(): string | null {
    const value = this.#fields['orderId'];
    const id =
      Array.isArray(value) && value.length === 16 ? idOfBytes(value as readonly number[]) : this.text('orderId');
    return id === NIL_ORDER_ID ? null : id;
  }

  price(name: string): Price {
    return price(this.integer(name));
  }

  size(name: string): Size {
    return size(this.integer(name));
  }

  quote(name: string): Quote {
    return quote(this.integer(name));
  }

  /** The fields of a nested structure; null where it is absent. */
  nested(name: string): EventFields | null {
    const value = this.#fields[name];
    if (value === null || value === undefined) return null;
    if (typeof value !== 'object' || Array.isArray(value)) throw this.#malformed(name, 'a structure');
    return new EventFields(this.#event, value as Readonly<Record<string, EventValue>>);
  }

  position(name: string): PositionParts {
    const parts = this.nested(name);
    if (parts === null) throw this.#malformed(name, 'a position');
    return {
      side: parts.side(),
      size: parts.size('size'),
      entryValue: entryValue(parts.integer('entryValue')),
      margin: parts.quote('margin'),
    };
  }

  /** Enumerations come as their name or, as Anchor decodes them, as an object with the name as its key. */
  side(): Side {
    const value = this.#fields['side'];
    const name = typeof value === 'object' && value !== null ? Object.keys(value)[0] : value;
    const lower = typeof name === 'string' ? name.toLowerCase() : name;
    if (lower === 'long' || lower === 'short') return lower;
    throw this.#malformed('side', 'long or short');
  }

  #malformed(name: string, wanted: string): MalformedEvent {
    const { signature, indexInTransaction } = this.#event;
    return new MalformedEvent(`${this.#event.name}.${name} is not ${wanted} (${signature} #${indexInTransaction})`);
  }
}
