import type { PriceTick } from './price-tick.ts';

/** Accumulator update of Pyth: magic, format 1.0, no trailing header, update type "Wormhole Merkle". */
const header = Buffer.from([0x50, 0x4e, 0x41, 0x55, 1, 0, 0, 0]);
const priceFeedMessage = 0;
const messageBytes = 85;

/**
 * The `binary` of an update: the layout of Pyth's accumulator updates, carrying the price messages with all their fields.
 * What guardians would sign is left out: the VAA is empty and no message has a Merkle proof, because no guardian signs
 * for a local network. Nothing that verifies signatures accepts it.
 */
export function encodeAccumulatorUpdate(ticks: readonly PriceTick[]): Buffer {
  const emptyVaa = Buffer.alloc(2);
  const count = Buffer.from([ticks.length]);
  return Buffer.concat([header, emptyVaa, count, ...ticks.map(encodeMessage)]);
}

function encodeMessage(tick: PriceTick): Buffer {
  const size = Buffer.alloc(2);
  size.writeUInt16BE(messageBytes);
  const message = Buffer.alloc(messageBytes);
  let offset = message.writeUInt8(priceFeedMessage, 0);
  offset += Buffer.from(tick.feed.id, 'hex').copy(message, offset);
  offset = message.writeBigInt64BE(tick.price, offset);
  offset = message.writeBigUInt64BE(tick.conf, offset);
  offset = message.writeInt32BE(tick.expo, offset);
  offset = message.writeBigInt64BE(BigInt(tick.publishTime), offset);
  offset = message.writeBigInt64BE(BigInt(tick.prevPublishTime), offset);
  offset = message.writeBigInt64BE(tick.emaPrice, offset);
  message.writeBigUInt64BE(tick.emaConf, offset);
  const noProof = Buffer.alloc(1);
  return Buffer.concat([size, message, noProof]);
}
