import { csvFile, type CsvField } from '#shared/csv.ts';
import { createSignal, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { errorText } from '../../data/error-text.ts';
import { exportRowsMax } from '../../data/history-queries.ts';
import { saveFile } from '../../data/save-file.ts';
import { tableTexts } from '../../i18n/tables.ts';
import { ChevronIcon } from '../../ui/icons.tsx';
import { Menu } from '../../ui/menu.tsx';

const grouped = new Intl.NumberFormat('en');

/** Takes a table away: what it shows, all of its list, or the statement that the exchange itself writes of the account. */
export function ExportMenu<Item>(props: {
  readonly file: string;
  readonly fields: readonly CsvField<Item>[];
  readonly shown: () => readonly Item[];
  readonly readAll?: (
    onProgress: (rows: number) => void,
  ) => Promise<{ readonly rows: readonly Item[]; readonly isAll: boolean }>;
}): JSX.Element {
  const desk = useDesk();
  const t = tableTexts.common;
  const [progress, setProgress] = createSignal<string | undefined>();
  const name = (what: string) => `quantdesk-${what}-${new Date().toISOString().slice(0, 10)}.csv`;
  const tell = (text: string, tone: 'neutral' | 'warn' = 'neutral') =>
    desk.notices.show({ tone, title: t.exportTitle, text });
  const writer = () => {
    const { file, fields } = props;
    return (rows: readonly Item[]) => saveFile(name(file), csvFile(fields, rows), 'text/csv');
  };

  const attempt = async (run: () => Promise<void>) => {
    setProgress(t.exporting('…'));
    try {
      await run();
    } catch (error) {
      desk.notices.show({ tone: 'warn', title: t.exportFailed, text: errorText(error) });
    } finally {
      setProgress(undefined);
    }
  };
  const saveAll = () => {
    const [read, save] = [props.readAll, writer()];
    return attempt(async () => {
      const all = await read?.((rows) => setProgress(t.exporting(grouped.format(rows))));
      if (all === undefined) return;
      save(all.rows);
      if (all.isAll) tell(t.exported(grouped.format(all.rows.length)));
      else tell(t.exportBound(grouped.format(exportRowsMax)), 'warn');
    });
  };
  const saveStatement = () =>
    attempt(async () => saveFile(name('statement'), await desk.client.account.exportCsv(), 'text/csv'));

  return (
    <Menu
      class="button button-quiet button-small"
      disabled={progress() !== undefined}
      data-testid="export-menu"
      name={t.export}
      entries={[
        { label: t.exportShown, testId: 'export-shown', onSelect: () => writer()(props.shown()) },
        ...(props.readAll === undefined
          ? []
          : [{ label: t.exportAll, testId: 'export-all', onSelect: () => void saveAll() }]),
        { label: t.exportStatement, testId: 'export-statement', onSelect: () => void saveStatement() },
      ]}
    >
      <span role="status">{progress() ?? t.export}</span>
      <ChevronIcon size={12} />
    </Menu>
  );
}
