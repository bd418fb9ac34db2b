/**
 * `npm run docs`: gathers the pages of `docs/errors` into the file that the reference is built from, writes the description of the sockets, and
 * what is measured, promised and alerted (`observability`, `docs/observability.md`), and what users cost (`docs/scale.md`). A test fails when one of them is out of date.
 */
import { writeFileSync } from 'node:fs';
import { asyncApiPath, asyncApiText } from './lib/asyncapi.ts';
import { errorPagesPath, errorPagesText } from './lib/error-pages.ts';
import { fileAt, observabilityFiles } from './lib/observability/files.ts';
import { scalePage, scaleText } from '../tests/load/cost-pages.ts';

writeFileSync(errorPagesPath, errorPagesText());
writeFileSync(asyncApiPath, await asyncApiText());
for (const [path, text] of await observabilityFiles()) writeFileSync(fileAt(path), text);
writeFileSync(scalePage, await scaleText());
console.log(
  'The reference has every error page as it is, docs/asyncapi.yaml every message, docs/observability.md every metric.',
);
