import { createServer } from 'node:net';

export const portsPerRow = 6;
/** Below what systems hand out by themselves, to servers on port 0 and to outgoing connections: these would take the port of a server that restarts. */
const firstRowPort = 20_000;
const rowsMax = 1_600;

/**
 * The first of {@link portsPerRow} free ports in a row. Each process looks in rows of its own first: a port is free for all who look at the same
 * time until one of them listens.
 *
 * @throws when there are none.
 */
export async function freePorts(): Promise<number> {
  for (let attempt = 0; attempt < rowsMax; attempt += 1) {
    const first = firstRowPort + ((process.pid + attempt) % rowsMax) * portsPerRow;
    const row = await Promise.all(Array.from({ length: portsPerRow }, (_, index) => isFree(first + index)));
    if (row.every(Boolean)) return first;
  }
  throw new Error('no free ports in a row');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
