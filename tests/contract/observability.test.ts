import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { METRICS, type MetricName, specOf } from '../../workers/platform/metrics/catalogue.ts';
import { ERROR_CODES } from '#shared/protocol/error-codes.ts';
import { PROGRAM_ERROR_CODES } from '../../workers/chain/program-errors.ts';
import { operations } from '../../workers/api/routes/index.ts';
import { alerts, boundOf, ruleFile } from '../../scripts/lib/observability/alerts.ts';
import { dashboard } from '../../scripts/lib/observability/dashboard.ts';
import { fileAt, observabilityFiles } from '../../scripts/lib/observability/files.ts';
import { readExpression } from '../../scripts/lib/observability/promql.ts';
import { burnRates, recordName, runbooks, slos, windows } from '../../scripts/lib/observability/slos.ts';

const names = Object.keys(METRICS) as MetricName[];
const duration = z.string().regex(/^\d+[smhd]$/);
const metricName = /^[a-z_:][a-z0-9_:]*$/;
/** https://prometheus.io/docs/prometheus/latest/configuration/recording_rules/#syntax, as far as it is used here. */
const ruleSchema = z.union([
  z.strictObject({ record: z.string().regex(metricName), expr: z.string().min(1) }),
  z.strictObject({
    alert: z.string().regex(/^[A-Z]\w+$/),
    expr: z.string().min(1),
    for: duration.optional(),
    labels: z.strictObject({ severity: z.enum(['page', 'ticket']), slo: z.string().optional() }),
    annotations: z.strictObject({
      summary: z.string().min(10),
      runbook: z.enum(runbooks.map((name) => `docs/runbooks/${name}.md`)),
    }),
  }),
]);
const fileSchema = z.strictObject({
  groups: z.array(
    z.strictObject({ name: z.string(), interval: duration.optional(), rules: z.array(ruleSchema).min(1) }),
  ),
});

const rules = fileSchema.parse(ruleFile()).groups.flatMap(({ rules: inGroup }) => inGroup);
const nameOf = (rule: (typeof rules)[number]): string => ('record' in rule ? rule.record : rule.alert);
const recorded = new Set(rules.flatMap((rule) => ('record' in rule ? [rule.record] : [])));
const queries = dashboard().panels.flatMap((panel) =>
  'targets' in panel ? panel.targets.map(({ expr }): [string, string] => [panel.title, expr]) : [],
);

/** What the worker is made of, without its tests and the catalogue itself. */
const sources = globSync('workers/**/*.ts', { cwd: fileAt('') })
  .filter((path) => !/\.test\.ts$|metrics\/catalogue\.ts$/.test(path))
  .map((path) => readFileSync(fileAt(path), 'utf8'))
  .join('\n');

describe('the catalogue', () => {
  it.each(names)('%s is written where it happens, by the call of its type', (name) => {
    const { type } = specOf(name);
    const call = { counter: 'metrics|#registry', histogram: 'metrics', gauge: '' }[type];
    const method = { counter: '\\.count', histogram: '\\.observe', gauge: 'gauge' }[type];
    expect(sources).toMatch(new RegExp(`(?:${call})${method}\\(\\s*'${name}'`));
  });

  it('has room for every code, operation and program error there is', () => {
    const { operation } = METRICS.quantdesk_http_requests_total.labels;
    expect(operations.length).toBeLessThan(operation.valuesMax);
    expect(Object.keys(ERROR_CODES).length).toBeLessThan(METRICS.quantdesk_refusals_total.labels.code.valuesMax);
    expect(Object.keys(PROGRAM_ERROR_CODES).length).toBeLessThan(
      METRICS.quantdesk_chain_errors_total.labels.code.valuesMax,
    );
    for (const { method, path } of operations) expect(`${method} ${path}`.length).toBeLessThanOrEqual(64);
  });

  it.each(names)('%s is shown in a panel or decides an alert', (name) => {
    const read = [...rules.map(({ expr }) => expr), ...queries.map(([, expr]) => expr)];
    expect(read.flatMap((expr) => readExpression(expr).metrics)).toContain(name);
  });
});

describe('the rules for Prometheus', () => {
  it.each(rules.map((rule): [string, string] => [nameOf(rule), rule.expr]))(
    '%s reads what is measured or recorded, in the way its type asks for',
    (_name, expr) => {
      const { problems, records } = readExpression(expr);
      expect(problems).toEqual([]);
      for (const record of records) expect(recorded).toContain(record);
    },
  );

  it('have names of their own', () => {
    expect(new Set(rules.map(nameOf)).size).toBe(rules.length);
  });

  it.each(slos)('burn alerts of $name: every window is recorded, every bound follows from the objective', (slo) => {
    for (const window of windows) expect(recorded).toContain(recordName(slo, window));
    const own = rules.filter((rule) => 'alert' in rule && rule.labels.slo === slo.name);
    expect(own).toHaveLength(burnRates.length);
    burnRates.forEach(({ factor, long, short }, index) => {
      const bound = boundOf(factor, slo.objective);
      expect(bound).toBeGreaterThan(0);
      expect(bound).toBeLessThan(1);
      expect(own[index]?.expr).toBe(`${recordName(slo, long)} > ${bound} and ${recordName(slo, short)} > ${bound}`);
    });
  });

  it('lead to every runbook, so that none is found by chance alone', () => {
    const led = new Set([...alerts, ...slos].map(({ runbook }) => runbook));
    expect(led).toEqual(new Set(runbooks));
  });

  it('would be refused with a name, a label, a value or a function that does not exist', () => {
    for (const expr of [
      'quantdesk_nothing > 1',
      'quantdesk_price_age_seconds{planet="mars"} > 1',
      'quantdesk_price_age_seconds{market="DOGE-PERP"} > 1',
      'rate(quantdesk_price_age_seconds[5m]) > 1',
      'quantdesk_dead_letters_total > 1',
      'rate(quantdesk_risk_check_seconds[5m]) > 1',
      'rate(quantdesk_risk_check_seconds_bucket{le="7"}[5m]) > 1',
      'sum by (planet) (rate(quantdesk_dead_letters_total[5m])) > 1',
      'wish(quantdesk_price_age_seconds) > 1',
      'sum(rate(quantdesk_dead_letters_total[5m]) > 1',
      '1 > 0',
    ])
      expect(readExpression(expr).problems, expr).not.toEqual([]);
  });
});

describe('the dashboard', () => {
  it.each(queries)('%s asks for what is measured or recorded: %s', (_title, expr) => {
    const { problems, records } = readExpression(expr);
    expect(problems).toEqual([]);
    for (const record of records) expect(recorded).toContain(record);
  });

  it('places its panels beside each other, each with an id and queries of its own', () => {
    const { panels } = dashboard();
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const cells = panels.map(({ gridPos }) => JSON.stringify(gridPos));
    expect(new Set(cells).size).toBe(panels.length);
    for (const panel of panels) {
      if (!('targets' in panel)) continue;
      const ids = panel.targets.map(({ refId }) => refId);
      expect(new Set(ids).size).toBe(ids.length);
    }
  });
});

describe('the files', () => {
  it('are what npm run docs writes: alerts, dashboard and the tables of docs/observability.md', async () => {
    for (const [path, text] of await observabilityFiles())
      expect(readFileSync(fileAt(path), 'utf8') === text, `${path}: npm run docs`).toBe(true);
  });
});
