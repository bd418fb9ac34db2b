import { trackRecordQuerySchema, trackRecordSchema } from '#shared/protocol/ai.ts';
import { timestampOf } from '#shared/protocol/present/fields.ts';
import { trackRecordDays, trackRecordSinceMs } from '../../analyst/track-record.ts';
import { defineOperation } from '../operation.ts';
import { presentTrackRecordEntry } from '../present-ai.ts';

export const aiTrackRecord = defineOperation({
  method: 'GET',
  path: '/api/ai/track-record',
  tag: 'Assistant',
  summary: `How often the assistant was right in the last ${trackRecordDays} days, beside two simple rules`,
  auth: 'none',
  rate: 'data',
  query: trackRecordQuerySchema,
  status: 200,
  answer: trackRecordSchema,
  refusals: ['MARKET_001', 'SYSTEM_002'],
  handle: async ({ query, services: { repositories, clock } }) => {
    const nowMs = clock.nowMs();
    const sums = await repositories.trackRecord.sums({ ...query, sinceMs: trackRecordSinceMs(nowMs) });
    return { updated_at: timestampOf(nowMs), entries: sums.map(presentTrackRecordEntry) };
  },
});
