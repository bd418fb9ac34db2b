import { authority } from './authority.ts';
import { governance } from './governance.ts';
import { mathematics } from './mathematics.ts';
import { oracle } from './oracle.ts';
import type { Mutant } from '../mutant.ts';

/** Every mutant, in the order they run. */
export const mutants: readonly Mutant[] = [...mathematics, ...authority, ...oracle, ...governance];
