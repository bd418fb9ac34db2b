import { encodeAccumulatorUpdate } from './accumulator.ts';
import type { PriceTick } from './price-tick.ts';
import type { UpdateQuery } from './update-query.ts';

/** The JSON of a price update, as Hermes answers and streams it. */
export function updateBody(ticks: readonly PriceTick[], query: UpdateQuery): Record<string, unknown> {
  const data = encodeAccumulatorUpdate(ticks).toString(query.encoding);
  const binary = { encoding: query.encoding, data: [data] };
  return query.parsed ? { binary, parsed: ticks.map(parsedUpdate) } : { binary };
}

function parsedUpdate(tick: PriceTick): Record<string, unknown> {
  const shared = { expo: tick.expo, publish_time: tick.publishTime };
  return {
    id: tick.feed.id,
    price: { price: String(tick.price), conf: String(tick.conf), ...shared },
    ema_price: { price: String(tick.emaPrice), conf: String(tick.emaConf), ...shared },
    metadata: {
      slot: tick.slot,
      proof_available_time: tick.publishTime,
      prev_publish_time: tick.prevPublishTime,
    },
  };
}
