import { portfolioExportQuerySchema } from '#shared/protocol/portfolio.ts';
import type { StatementLine } from '#db/repositories/statement.ts';
import { csvLine } from '#shared/csv.ts';
import { defineOperation, textStreamSchema } from '../operation.ts';
import { STATEMENT_COLUMNS, statementCells } from '../present-statement.ts';

/** Lines of one export. More break the download off, so that nobody takes a part for the whole: ask for a shorter time. */
export const exportLinesMax = 200_000;
/** Lines written at once: the database is read no faster than the caller reads. */
const linesPerChunk = 200;
/** Year 2100: after anything there is. */
const endOfTimeSeconds = 4_102_444_800;

export const portfolioExport = defineOperation({
  method: 'GET',
  path: '/api/portfolio/export.csv',
  tag: 'Portfolio',
  summary: 'Everything that changed your money as a CSV file: fills, liquidations, funding, transfers, oldest first',
  auth: 'bearer',
  rate: 'data',
  query: portfolioExportQuerySchema,
  status: 200,
  answer: textStreamSchema,
  media: 'text/csv',
  refusals: ['SYSTEM_002'],
  handle: async ({ query, session, services, context }) => {
    const range = { fromMs: (query.from ?? 0) * 1_000, toMs: (query.to ?? endOfTimeSeconds) * 1_000 };
    const lines = services.repositories.statement.lines(session.userId, range);
    // Read before the answer begins: a database that is away is a 503, not half a file.
    const first = await lines.next();
    context.header('content-disposition', `attachment; filename="quantdesk-${session.wallet}.csv"`);
    return streamOf(first, lines);
  },
});

function streamOf(
  first: IteratorResult<StatementLine, void>,
  lines: AsyncGenerator<StatementLine, void, undefined>,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let written = 0;
  let next = first;
  return new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(encoder.encode(csvLine(STATEMENT_COLUMNS))),
    pull: async (controller) => {
      let chunk = '';
      for (let count = 0; count < linesPerChunk && next.done !== true; count++) {
        if (++written > exportLinesMax) throw new RangeError(`an export has at most ${exportLinesMax} lines`);
        chunk += csvLine(statementCells(next.value));
        next = await lines.next();
      }
      if (chunk !== '') controller.enqueue(encoder.encode(chunk));
      if (next.done === true) controller.close();
    },
    cancel: async () => {
      await lines.return();
    },
  });
}
