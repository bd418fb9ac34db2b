import { parseArgs } from 'node:util';
import { backup } from './lib/backup.ts';
import { openSession } from './lib/database-session.ts';

// `npm run backup -- FILE`: every row of the database at one moment, into a file. See docs/runbooks/restore.md.
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'state-dir': { type: 'string', default: '.quantdesk' } },
});
const [file] = positionals;
if (file === undefined) {
  console.error(
    'npm run backup -- FILE [--state-dir DIR]   of the server DATABASE_URL, or of a local exchange that is stopped',
  );
  process.exit(1);
}
try {
  const session = await openSession(process.env['DATABASE_URL'], values['state-dir']);
  try {
    console.table(await backup(session, file));
  } finally {
    await session.close();
  }
  console.log(`${file} is complete.`);
} catch (error) {
  if (!(error instanceof Error)) throw error;
  console.error(`${error.name}: ${error.message}\nThere is no backup.`);
  process.exitCode = 1;
}
