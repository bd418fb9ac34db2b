import { createRoot, createSignal } from 'solid-js';
import * as z from 'zod';

import { remember, readRemembered } from './remembered.ts';

/** `web/public/theme.js` reads the same key before the first paint. */
export const preferencesKey = 'quantdesk.preferences';

/** Each field falls back by itself: one bad value, or one of a later version, does not cost the others. */
export const preferencesSchema = z.object({
  theme: z.enum(['system', 'dark', 'light']).catch('system'),
  density: z.enum(['comfortable', 'compact']).catch('comfortable'),
  /** auto: as many decimals as the market's price has; fixed: the same many in every market, never fewer than its own. */
  priceDecimals: z.enum(['auto', 'fixed']).catch('auto'),
  /** Asks before an order is sent. */
  confirmOrders: z.boolean().catch(false),
  /** Asks, with a list, before everything is closed or cancelled at once. */
  confirmCloseAll: z.boolean().catch(true),
  /** colour-blind: blue and orange in place of green and red. */
  colours: z.enum(['standard', 'colour-blind']).catch('standard'),
  /** A short tone with fills and warnings. */
  sound: z.boolean().catch(false),
});

export type Preferences = z.infer<typeof preferencesSchema>;

export const defaultPreferences: Preferences = preferencesSchema.parse({});

function createPreferences() {
  const [preferences, setPreferences] = createSignal(
    readRemembered(preferencesKey, preferencesSchema) ?? defaultPreferences,
  );
  const changePreferences = (patch: Partial<Preferences>): void => {
    const next = { ...preferences(), ...patch };
    remember(preferencesKey, next);
    setPreferences(next);
  };
  /** Another tab of the same browser has changed something: its choice holds here too. */
  const followOtherTabs = (event: Pick<StorageEvent, 'key'>): void => {
    if (event.key === preferencesKey || event.key === null)
      setPreferences(readRemembered(preferencesKey, preferencesSchema) ?? defaultPreferences);
  };
  return { preferences, changePreferences, followOtherTabs };
}

/** How this browser's trader wants the terminal, and how to change it. Kept between visits; `followOtherTabs` listens to `storage`. */
export const { preferences, changePreferences, followOtherTabs } = createRoot(createPreferences);
