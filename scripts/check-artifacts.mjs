// Fails when the program's sources changed without `npm run program:build`, or a committed artifact was altered. Needs no Rust.
import { differences } from '../programs/sbf/artifacts.mjs';

const changed = differences();
if (changed.length > 0) {
  console.error(`Program artifacts do not belong to the sources: ${changed.join(', ')}. Run: npm run program:build`);
  process.exit(1);
}
console.log('Program artifacts belong to the sources.');
