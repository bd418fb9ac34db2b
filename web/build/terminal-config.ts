import type { Plugin } from 'vite';

const path = '/config.json';

/** The development server answers with the configuration that it was started with (`TERMINAL_CONFIG`), in place of the file of a build. */
export function terminalConfig(): Plugin {
  const config = process.env.TERMINAL_CONFIG;
  return {
    name: 'terminal-config',
    apply: 'serve',
    configureServer: (server) => {
      if (config === undefined) return;
      server.middlewares.use(path, (_request, answer) => {
        answer.setHeader('content-type', 'application/json');
        answer.setHeader('cache-control', 'no-cache');
        answer.end(config);
      });
    },
  };
}
