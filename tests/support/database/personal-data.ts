import { PersonalData } from '../../../workers/platform/personal-data.ts';

/** Seals for tests, under a key that is worth nothing. */
export const testPersonalData = new PersonalData([{ kid: 'test', secret: 'worth-nothing-'.repeat(3) }]);
