/**
 * `npm run docs`: gathers the pages of `docs/errors` into the file that the reference is built from, and writes the description of the sockets.
 * A test fails when either is out of date.
 */
import { writeFileSync } from 'node:fs';
import { asyncApiPath, asyncApiText } from './lib/asyncapi.ts';
import { errorPagesPath, errorPagesText } from './lib/error-pages.ts';

writeFileSync(errorPagesPath, errorPagesText());
writeFileSync(asyncApiPath, await asyncApiText());
console.log('The reference has every error page as it is, docs/asyncapi.yaml every message.');
