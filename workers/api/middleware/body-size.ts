import { bodyLimit } from 'hono/body-limit';
import { refused } from '../errors.ts';

export const bodyBytesMax = 64 * 1_024;

/** Refuses larger bodies, announced or streamed, before anything reads them. */
export const bodySize = () =>
  bodyLimit({
    maxSize: bodyBytesMax,
    onError: () => {
      throw refused('VALIDATION_003', `A body may have ${bodyBytesMax / 1_024} KB at most.`);
    },
  });
