import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { prepare } from './lib/install.mjs';
import { nodeBinary, root } from './lib/paths.mjs';
import { toolEnvironment } from './lib/run.mjs';

// `npm start`: installs what is missing, then runs the supervisor in this process group and passes its arguments on.
await prepare();
const supervisor = spawn(nodeBinary(), ['local/supervisor/main.ts', ...process.argv.slice(2)], {
  cwd: root,
  env: toolEnvironment(),
  stdio: 'inherit',
});
// Ctrl-C reaches the whole group; a signal sent to this process alone must reach the supervisor too.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => supervisor.kill(signal));
supervisor.once('error', (error) => {
  console.error(`The supervisor did not start: ${error.message}`);
  process.exit(1);
});
supervisor.once('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal ?? 'SIGTERM'] ?? 0)));
