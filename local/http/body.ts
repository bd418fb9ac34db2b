import type { IncomingMessage } from 'node:http';

/** The request's body was longer than allowed. */
export class BodyTooLarge extends Error {}

/** Reads a request's body as text. Throws `BodyTooLarge` beyond `bytesMax`, without reading the rest. */
export async function readBody(request: IncomingMessage, bytesMax: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw new BodyTooLarge(`The body is longer than ${bytesMax} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
