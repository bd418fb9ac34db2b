import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { createServer } from 'vite';
import { expect, test } from 'vitest';
import { terminalConfig } from '../../web/build/terminal-config.ts';
import { siteOf } from '../../web/src/data/site.ts';
import { addressOf, newKeys } from './keys.ts';
import { parseOptions } from './options.ts';
import { webPlan } from './parts.ts';

test('the terminal that `npm start` serves signs for the local network and its own USDC, and not for those of a build', async () => {
  const keys = newKeys();
  const { env } = webPlan({ options: parseOptions([], {}), keys, programId: '', marker: {} });
  process.env.TERMINAL_CONFIG = env?.TERMINAL_CONFIG;
  const server = await createServer({
    ...{ root: resolve('web'), configFile: false, logLevel: 'silent', plugins: [terminalConfig()] },
    server: { host: '127.0.0.1', port: 0, hmr: false, ws: false },
    optimizeDeps: { noDiscovery: true },
  });
  try {
    await server.listen();
    const { port } = server.httpServer?.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}/config.json`);
    const page = { origin: 'http://localhost:5173', host: 'localhost:5173' };
    expect(siteOf(await answer.json(), page)).toMatchObject({
      ...{ chain: 'solana:localnet', usdcMint: addressOf(keys.usdcMint) },
      signInDomain: 'localhost:5173',
    });
  } finally {
    delete process.env.TERMINAL_CONFIG;
    await server.close();
  }
});
