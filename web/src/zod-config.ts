import { config } from 'zod';

/** Imported first: schemas must not compile themselves to functions, which the content security policy forbids. */
config({ jitless: true });
