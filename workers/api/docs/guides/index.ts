import type { Guides } from '../guide.ts';
import { accountGuides } from './account.ts';
import { adminGuides } from './admin.ts';
import { assistantGuides } from './assistant.ts';
import { identityGuides } from './identity.ts';
import { marketGuides } from './market.ts';
import { orderGuides } from './orders.ts';
import { systemGuides } from './system.ts';

/** What the reference says of every operation. */
export const guides: Guides = {
  ...identityGuides,
  ...marketGuides,
  ...orderGuides,
  ...accountGuides,
  ...assistantGuides,
  ...adminGuides,
  ...systemGuides,
};
