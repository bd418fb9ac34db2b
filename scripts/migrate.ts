import { migrateDatabaseServer } from '../local/neon/migrations.ts';

// `DATABASE_URL=postgres://… npm run db:migrate`: brings the database of a deployment up to date, as its owner.
const databaseUrl = process.env['DATABASE_URL'];
if (databaseUrl === undefined || !URL.canParse(databaseUrl)) {
  console.error(
    'Set DATABASE_URL to the database to migrate, as its owner: DATABASE_URL=postgres://… npm run db:migrate',
  );
  process.exit(1);
}
try {
  await migrateDatabaseServer(databaseUrl);
  console.log('The database is up to date.');
} catch (error) {
  if (!(error instanceof Error)) throw error;
  console.error(`${error.name}: ${error.message}\nThe migration that failed is rolled back, those before it stand.`);
  process.exitCode = 1;
}
