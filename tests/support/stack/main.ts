import { startLlmControl } from '#support/llm/llm-control.ts';
import { startStack } from './stack.ts';

// A process of its own: the test runner resolves modules as workerd does, which the stack's Node libraries do not survive. It ends when
// its parent closes its input, however the parent ended.
const stack = await startStack();
const llm = await startLlmControl();
const controls = {
  llm: llm.controlUrl,
  hermes: `${stack.hermes.url}/_control`,
  solana: `${stack.solana.url}/_control`,
  neon: new URL('/_control', stack.neon.httpEndpoint).href,
};
process.stdout.write(`${JSON.stringify({ variables: stack.variables, controls, adminSecretKey: stack.keys.admin })}\n`);

process.stdin.resume();
process.stdin.once('end', () => {
  void Promise.all([stack.close(), llm.close()]).finally(() => process.exit(0));
});
