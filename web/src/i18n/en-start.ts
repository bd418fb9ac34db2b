/** Texts of the start, before anything of the exchange is known. */
export const en = {
  start: {
    failed: 'The terminal could not start',
    failedText: 'Its configuration could not be read. Check the connection and try again.',
  },
} as const;
