import { WebSocket } from 'ws';

/**
 * Sockets that count, in a process of their own. Arguments: address, number of sockets. The parent says `begin` before a round and `report`
 * after it.
 */
export interface RoundReport {
  /** Messages received by all sockets together. */
  readonly received: number;
  /** Of the first and the last of them, milliseconds since 1970. */
  readonly firstAtMs: number;
  readonly lastAtMs: number;
  /** When the last socket received its first message of the round, its second, and so on. */
  readonly lastSocketAtMs: readonly number[];
}

const openingMax = 25;
const [url = '', count = '0'] = process.argv.slice(2);
const sockets: WebSocket[] = [];
const counts: number[] = [];
let round = { received: 0, firstAtMs: 0, lastAtMs: 0, lastSocketAtMs: [] as number[] };
let newest = '';

function hear(index: number, data: Buffer): void {
  const now = performance.timeOrigin + performance.now();
  const nth = counts[index] ?? 0;
  counts[index] = nth + 1;
  if (round.received === 0) round.firstAtMs = now;
  round.received += 1;
  round.lastAtMs = now;
  round.lastSocketAtMs[nth] = now;
  if (index === 0) newest = data.toString();
}

async function open(index: number): Promise<void> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  sockets.push(socket);
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  socket.on('message', (data: Buffer) => hear(index, data));
  socket.send('{"op":"subscribe","channels":["price"]}');
}

for (let at = 0; at < Number(count); at += openingMax) {
  const size = Math.min(openingMax, Number(count) - at);
  await Promise.all(Array.from({ length: size }, (_, index) => open(at + index)));
}
process.send?.('ready');

process.on('message', (command) => {
  if (command === 'begin') {
    counts.fill(0);
    round = { received: 0, firstAtMs: 0, lastAtMs: 0, lastSocketAtMs: [] };
    process.send?.('begun');
  } else {
    acknowledge();
    process.send?.(round satisfies RoundReport);
  }
});
process.once('disconnect', () => process.exit(0));

/** Between rounds, so that no round runs into the rule of slow clients. */
function acknowledge(): void {
  const seq = /"type":"update".*?"seq":(\d+)/.exec(newest)?.[1];
  if (seq === undefined) return;
  for (const socket of sockets) socket.send(`{"op":"ack","channel":"price","seq":${seq}}`);
}
