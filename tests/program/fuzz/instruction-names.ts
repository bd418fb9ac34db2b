import type { QuantdeskPerpDex } from '#program/quantdesk_perp_dex.ts';

/** Names of the program's instructions, as the client spells them. */
export type InstructionName = QuantdeskPerpDex['instructions'][number]['name'];
