import { parseArgs } from 'node:util';
import { restore } from './lib/backup.ts';
import { openSession } from './lib/database-session.ts';

// `npm run restore -- FILE`: makes the tables of an empty database and fills them from a backup. See docs/runbooks/restore.md.
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'state-dir': { type: 'string', default: '.quantdesk' } },
});
const [file] = positionals;
if (file === undefined) {
  console.error(
    'npm run restore -- FILE [--state-dir DIR]   into the server DATABASE_URL, or into a local exchange that is stopped',
  );
  process.exit(1);
}
try {
  const session = await openSession(process.env['DATABASE_URL'], values['state-dir']);
  try {
    console.table(await restore(session, file));
  } finally {
    await session.close();
  }
  console.log('The database is what it was. Now start the exchange and run: npm run reindex');
} catch (error) {
  if (!(error instanceof Error)) throw error;
  console.error(`${error.name}: ${error.message}\nNothing was restored.`);
  process.exitCode = 1;
}
