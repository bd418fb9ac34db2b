import { parseSolanaOptions, solanaUsage } from './options.ts';
import { startLocalSolana } from './server.ts';

const fail = (error: unknown): never => {
  console.error(`solana: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
};

if (process.argv.includes('--help')) {
  console.log(solanaUsage);
} else {
  try {
    // Memory is ahead of the disk once a write failed: a fresh process starts again from what is on disk.
    const server = await startLocalSolana({ ...parseSolanaOptions(process.argv.slice(2)), onBroken: fail });
    const stop = () => void server.close().then(() => process.exit(0), fail);
    process.once('SIGTERM', stop);
    process.once('SIGINT', stop);
    const { url, webSocketUrl } = server;
    console.log(JSON.stringify({ ready: true, name: 'solana', url, web_socket_url: webSocketUrl }));
  } catch (error) {
    fail(error);
  }
}
