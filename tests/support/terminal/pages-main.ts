import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Request } from 'miniflare';
import { unstable_generateASSETSBinding as assetsOf, type Unstable_ASSETSBindingsOptions } from 'wrangler';

// `node tests/support/terminal/pages-main.ts <folder> <port>`: a process of its own, because the handler of pages replaces globals of its own. It
// ends when its parent closes its input, however the parent ended.
const [directory, port] = process.argv.slice(2);
if (directory === undefined || port === undefined) throw new Error('name a folder and a port');

/** Longer than a browser leaves a connection alone. */
const keepAliveMs = 120_000;
const log = console as unknown as Unstable_ASSETSBindingsOptions['log'];
const serve = await assetsOf({ log, directory });

async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const url = new URL(incoming.url ?? '/', `http://${incoming.headers.host}`);
  const headers = Object.entries(incoming.headersDistinct).flatMap(([name, values]) =>
    (values ?? []).map((value): [string, string] => [name, value]),
  );
  const answered = await serve(new Request(url, { method: incoming.method ?? 'GET', headers }));
  outgoing.writeHead(answered.status, Object.fromEntries(answered.headers));
  outgoing.end(new Uint8Array(await answered.arrayBuffer()));
}

const server = createServer((incoming, outgoing) => {
  answer(incoming, outgoing).catch((error: unknown) => {
    process.stderr.write(`no page for ${incoming.url}: ${String(error)}\n`);
    outgoing.destroy();
  });
});
server.keepAliveTimeout = keepAliveMs;
server.listen(Number(port), '127.0.0.1', () => process.stdout.write('ready\n'));

process.stdin.resume();
process.stdin.once('end', () => process.exit(0));
