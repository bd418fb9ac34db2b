import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { startRelay, type Relay } from './relay.ts';

const host = '127.0.0.1';
const servers: Server[] = [];
let relay: Relay | undefined;

afterEach(() => {
  relay?.close();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A server that answers with its name, and how many connections it has seen. */
async function namedServer(name: string) {
  let connections = 0;
  const server = createServer(
    (incoming, outgoing) => void incoming.pipe(outgoing.writeHead(200, { 'x-server': name })),
  );
  server.on('connection', () => (connections += 1));
  servers.push(server);
  await once(server.listen(0, host), 'listening');
  return { port: (server.address() as AddressInfo).port, connections: () => connections };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

/** On a connection of its own. @returns the server's name and the answer. */
function post(port: number, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host, port, method: 'POST', agent: false }, (answer) => {
      let text = '';
      answer.on('data', (chunk) => (text += String(chunk)));
      answer.once('end', () => resolve(`${String(answer.headers['x-server'])}: ${text}`));
    });
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

it('requests wait for the first server, follow to the next, and each client connection is one of the server', async () => {
  const [first, second] = [await namedServer('first'), await namedServer('second')];
  const port = await freePort();
  relay = await startRelay(port, host);
  const early = post(port, 'early');
  await new Promise((resolve) => setImmediate(resolve));
  expect(first.connections()).toBe(0);
  relay.leadTo({ hostname: host, port: first.port });
  expect(await early).toBe('first: early');
  expect(await post(port, 'x'.repeat(1_000_000))).toBe(`first: ${'x'.repeat(1_000_000)}`);
  expect(first.connections()).toBe(2);
  relay.hold();
  const held = post(port, 'held');
  relay.leadTo({ hostname: host, port: second.port });
  expect(await held).toBe('second: held');
  expect(first.connections()).toBe(2);
});

it('a server that is not there breaks the connection of whoever asks, and no other', async () => {
  const there = await namedServer('there');
  const port = await freePort();
  relay = await startRelay(port, host);
  relay.leadTo({ hostname: host, port: await freePort() });
  await expect(post(port, 'x')).rejects.toThrow(/socket hang up|ECONNRESET/);
  relay.leadTo({ hostname: host, port: there.port });
  expect(await post(port, 'x')).toBe('there: x');
});

it('a client that leaves in the middle of a request disturbs nobody', async () => {
  const there = await namedServer('there');
  const port = await freePort();
  relay = await startRelay(port, host);
  relay.leadTo({ hostname: host, port: there.port });
  const leaving = connect(port, host);
  leaving.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf');
  await once(leaving, 'data');
  leaving.destroy();
  expect(await post(port, 'x')).toBe('there: x');
});
