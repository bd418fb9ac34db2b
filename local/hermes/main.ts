import { hermesUsage, parseHermesOptions } from './options.ts';
import { startHermes } from './server.ts';

if (process.argv.includes('--help')) {
  console.log(hermesUsage);
} else {
  try {
    const server = await startHermes(parseHermesOptions(process.argv.slice(2)));
    const stop = () => void server.close().then(() => process.exit(0));
    process.once('SIGTERM', stop);
    process.once('SIGINT', stop);
    console.log(JSON.stringify({ ready: true, name: 'hermes', url: server.url }));
  } catch (error) {
    console.error(`hermes: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  }
}
