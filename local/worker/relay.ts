import { connect, createServer, type Socket } from 'node:net';

/** Where connections end. */
export interface RelayTarget {
  readonly hostname: string;
  readonly port: number;
}

export interface Relay {
  /** New connections wait from now on until there is a target. */
  hold(): void;
  /** Where new connections lead to from now on. */
  leadTo(target: RelayTarget): void;
  close(): void;
}

/** Connections beyond these are refused: each waits for a target, or lasts as long as its client. */
const connectionsMax = 1_000;

/**
 * Passes bytes on between a fixed port and a server whose port changes. One connection to the server for each of a client, for as long: nothing
 * is kept and used again, so that none is used that is just being closed.
 *
 * @throws when the port is taken.
 */
export async function startRelay(port: number, hostname: string): Promise<Relay> {
  let arrive: ((target: RelayTarget) => void) | undefined;
  let target: Promise<RelayTarget>;
  const hold = (): void => {
    if (arrive === undefined) target = new Promise((resolve) => (arrive = resolve));
  };
  hold();
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    open.add(client);
    client.once('close', () => open.delete(client));
    // One that leaves before there is a target is gone by then.
    client.on('error', () => client.destroy());
    void target.then((at) => join(client, at));
  });
  server.maxConnections = connectionsMax;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, hostname, resolve);
  });
  return {
    hold,
    leadTo: (next) => {
      arrive?.(next);
      arrive = undefined;
      target = Promise.resolve(next);
    },
    close: () => {
      server.close();
      for (const client of open) client.destroy();
    },
  };
}

/** What one end says the other hears; when one breaks, so does the other. */
function join(client: Socket, { hostname, port }: RelayTarget): void {
  if (client.destroyed) return;
  const server = connect({ host: hostname, port, allowHalfOpen: true, noDelay: true });
  server.on('error', () => client.destroy());
  server.once('close', () => client.destroy());
  client.once('close', () => server.destroy());
  client.pipe(server);
  server.pipe(client);
}
