import { fileURLToPath } from 'node:url';

import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';
import solid from 'vite-plugin-solid';

import { dropDescriptions, leaveOut, refuseFormatMethods } from './build/lean.ts';
import { preloadFont } from './build/preload-font.ts';
import { terminalConfig } from './build/terminal-config.ts';

const workerOrigin = `127.0.0.1:${process.env.WORKER_PORT ?? '8787'}`;
const toWorker = { target: `http://${workerOrigin}`, changeOrigin: false };

/** The dev server forwards what belongs to the worker; a built terminal is served beside it. */
const proxy = {
  '/api': toWorker,
  '/health': toWorker,
  '/ready': toWorker,
  '/ws': { target: `ws://${workerOrigin}`, ws: true },
};

/** Of these only what is used is loaded: nothing in them acts by being imported. */
const declarative = /\/(sdk|workers\/shared|web\/src\/(domain|i18n|ui))\/.*\.tsx?$/;

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [
    solid(),
    tailwindcss(),
    refuseFormatMethods(),
    leaveOut(),
    dropDescriptions(),
    preloadFont(),
    terminalConfig(),
  ],
  server: { host: '127.0.0.1', port: Number(process.env.WEB_PORT ?? '5173'), strictPort: true, proxy },
  preview: { host: '127.0.0.1', port: Number(process.env.WEB_PORT ?? '5173'), strictPort: true, proxy },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // A browser that does not know it fetches the same files a moment later.
    modulePreload: { polyfill: false },
    rolldownOptions: {
      treeshake: { moduleSideEffects: [{ test: declarative, sideEffects: false }] },
    },
  },
});
