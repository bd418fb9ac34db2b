import { createServer, type AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { portHolder, portIsFree } from './ports.ts';

const server = createServer();
afterEach(() => new Promise<void>((done) => server.close(() => done())));

it('a taken port is named with the process that holds it', async () => {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  expect(await portIsFree(port)).toBe(false);
  expect(await portHolder(port)).toContain(`pid ${process.pid}`);
});
