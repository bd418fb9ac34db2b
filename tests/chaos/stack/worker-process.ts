import { readFileSync } from 'node:fs';
import { convertV4MiniflareOptions, Miniflare, type V4MiniflareOptions } from 'miniflare';

// The worker in a workerd of its own, with its objects, queue and cron handler, as the file named by the first argument says. It runs in this
// process's group: killing the group ends everything at once, as a machine that loses its power would.
const options = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as V4MiniflareOptions;
const miniflare = new Miniflare(convertV4MiniflareOptions(options));
await miniflare.ready;
process.stdout.write(`${JSON.stringify({ ready: true, part: 'worker' })}\n`);
