import { buildTerminal, firstLoadBytesMax, firstLoadOf, firstLoadTable } from './lib/web-bundle.ts';

// A terminal that grew past its budget is told here, with what it grew by.
const firstLoad = firstLoadOf(await buildTerminal());
console.log(firstLoadTable(firstLoad));
process.exit(firstLoad.gzipBytes <= firstLoadBytesMax ? 0 : 1);
