import { WebSocket } from 'ws';

const symbol = 'SOL-PERP';
/** A price comes every second or sooner where its market trades. */
const socketMsMax = 20_000;
const messagesMax = 100;

interface Frame {
  readonly type?: string;
  readonly channel?: string;
  readonly epoch?: string;
}

/** Opens a market's socket and waits for its greeting, its price and one that moves on. Answers what was heard. @throws when it is not. */
export function socketTicks(origin: string, headers: Readonly<Record<string, string>>): Promise<string> {
  const url = new URL(`/ws/market/${symbol}`, origin.replace(/^http/, 'ws'));
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const heard = new Set<string>();
    const socket = new WebSocket(url, { headers: { ...headers }, handshakeTimeout: socketMsMax });
    const end = (problem: string | null): void => {
      clearTimeout(patience);
      socket
        .removeAllListeners()
        .on('error', () => undefined)
        .terminate();
      if (problem !== null) reject(new Error(problem));
      else resolve(`hello, snapshot and a tick within ${Math.round(performance.now() - startedAt)} ms`);
    };
    const patience = setTimeout(
      () => end(`after ${socketMsMax} ms only ${[...heard].join(', ') || 'silence'}`),
      socketMsMax,
    );
    let messages = 0;
    socket
      .on('error', (error) => end(error.message))
      .on('unexpected-response', (_request, answer) => end(`the upgrade is answered with ${answer.statusCode}`))
      .on('close', (code) => end(`closed with ${code}`))
      .on('message', (data: Buffer) => {
        messages += 1;
        const { type = '' } = JSON.parse(data.toString()) as Frame;
        heard.add(type);
        if (type === 'hello') socket.send(JSON.stringify({ op: 'subscribe', channels: ['price'] }));
        if (type === 'error' || messages > messagesMax) end(`the socket says ${data.toString().slice(0, 200)}`);
        if (['hello', 'snapshot', 'update'].every((kind) => heard.has(kind))) end(null);
      });
  });
}
