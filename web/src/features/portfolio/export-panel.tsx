import { createSignal, type JSX } from 'solid-js';

import { exportBounds, exportName, type ExportRange } from '../../domain/portfolio/export-range.ts';
import { texts } from '../../i18n/pages.ts';
import { PagePanel } from '../../ui/page-panel.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { useAttempt } from './use-action.ts';
import { usePortfolio } from './use-record.ts';

const t = texts.portfolio.export;
const options = (['month', 'year', 'all'] as const).map((value) => ({ value, label: t.ranges[value] }));
/** The browser has read the file by then. */
const keptMs = 60_000;

/** Hands a text to the browser as a file. */
function saveText(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), keptMs);
}

/** Everything that changed the trader's money, as the exchange writes it. */
export function ExportPanel(): JSX.Element {
  const { desk, address } = usePortfolio();
  const [range, setRange] = createSignal<ExportRange>('all');
  const { busy, error, attempt } = useAttempt();
  const save = () => {
    const now = new Date();
    const [bounds, name] = [exportBounds(range(), now), exportName(address(), now)];
    return attempt(async () => saveText(await desk.client.account.exportCsv(bounds), name));
  };
  return (
    <PagePanel title={t.title} testId="export">
      <div class="page-panel-body">
        <p class="text-ink-3">{t.text}</p>
        <Segmented label={t.range} options={options} value={range()} onChange={setRange} />
        <p role="alert" class="text-down empty:hidden">
          {error()}
        </p>
        <button type="button" class="button" disabled={busy()} onClick={() => void save()} data-testid="export-csv">
          {busy() ? t.working : t.action}
        </button>
      </div>
    </PagePanel>
  );
}
