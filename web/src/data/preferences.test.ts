import { expect, test } from 'vitest';

import { defaultPreferences, preferencesSchema } from './preferences.ts';

test('what is not known, or no longer, falls back by itself and costs nothing else', () => {
  expect(preferencesSchema.parse({ theme: 'light', density: 'huge', sound: 'loud', later: 1 })).toEqual({
    ...defaultPreferences,
    theme: 'light',
  });
});

test('a new browser asks before everything is closed, plays no sound and follows the system', () => {
  expect(defaultPreferences).toMatchObject({ theme: 'system', confirmCloseAll: true, sound: false });
});
