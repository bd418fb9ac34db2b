import { createSignal, type JSX } from 'solid-js';

import { saveFile } from '../../data/save-file.ts';
import { exportBounds, exportName, type ExportRange } from '../../domain/portfolio/export-range.ts';
import { texts } from '../../i18n/pages.ts';
import { PagePanel } from '../../ui/page-panel.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { useAttempt } from './use-action.ts';
import { usePortfolio } from './use-record.ts';

const t = texts.portfolio.export;
const options = (['month', 'year', 'all'] as const).map((value) => ({ value, label: t.ranges[value] }));

/** Everything that changed the trader's money, as the exchange writes it. */
export function ExportPanel(): JSX.Element {
  const { desk, address } = usePortfolio();
  const [range, setRange] = createSignal<ExportRange>('all');
  const { busy, error, attempt } = useAttempt();
  const save = () => {
    const now = new Date();
    const [bounds, name] = [exportBounds(range(), now), exportName(address(), now)];
    return attempt(async () => saveFile(name, await desk.client.account.exportCsv(bounds), 'text/csv'));
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
