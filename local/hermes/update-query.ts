/** A request that can't be answered: status and text as the client shall see them. */
export class BadQuery extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export type Encoding = 'hex' | 'base64';

/** The query of the price endpoints, with Hermes' defaults. */
export interface UpdateQuery {
  /** Feed ids in lower-case hex without 0x, as asked for, known ones only. */
  readonly ids: readonly string[];
  readonly encoding: Encoding;
  /** Whether the answer carries `parsed`. */
  readonly parsed: boolean;
  /** Stream only: nothing but a second's first tick. */
  readonly benchmarksOnly: boolean;
}

const idsMax = 100;

/** Reads the query of a price request. Throws `BadQuery`: 400 for what is malformed, 404 for unknown feeds. */
export function parseUpdateQuery(parameters: URLSearchParams, known: (id: string) => boolean): UpdateQuery {
  const asked = [...parameters].filter(([name]) => /^ids(\[\d*\])?$/.test(name)).map(([, value]) => value);
  if (asked.length === 0) throw new BadQuery(400, 'Failed to deserialize query string: missing field `ids`');
  if (asked.length > idsMax) throw new BadQuery(400, `At most ${idsMax} ids in one request`);
  const ids = asked.map((id) => id.toLowerCase().replace(/^0x/, ''));
  const malformed = ids.find((id) => !/^[0-9a-f]{64}$/.test(id));
  if (malformed !== undefined) throw new BadQuery(400, `Failed to deserialize query string: invalid id ${malformed}`);
  const unknown = ids.filter((id) => !known(id));
  if (unknown.length > 0 && !flag(parameters, 'ignore_invalid_price_ids', false)) {
    throw new BadQuery(404, `Price ids not found: ${unknown.map((id) => `0x${id}`).join(', ')}`);
  }
  return {
    ids: [...new Set(ids)].filter(known),
    encoding: encoding(parameters.get('encoding')),
    parsed: flag(parameters, 'parsed', true),
    benchmarksOnly: flag(parameters, 'benchmarks_only', false),
  };
}

function flag(parameters: URLSearchParams, name: string, otherwise: boolean): boolean {
  const value = parameters.get(name);
  if (value === null) return otherwise;
  if (value === 'true' || value === 'false') return value === 'true';
  throw new BadQuery(400, `Failed to deserialize query string: ${name} must be true or false`);
}

function encoding(value: string | null): Encoding {
  if (value === null || value === 'hex') return 'hex';
  if (value === 'base64') return 'base64';
  throw new BadQuery(400, 'Failed to deserialize query string: encoding must be hex or base64');
}
