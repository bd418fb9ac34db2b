import { describe, expect, it } from 'vitest';
import { METRICS, type MetricName, specOf } from './catalogue.ts';
import { HandOver, type MetricSinks, seriesPerHandOverMax } from './hand-over.ts';
import { prometheusText } from './prometheus.ts';
import { gauge, MetricRegistry, type Sample } from './registry.ts';

const wallet = '9xQeWvG816bUx9EPjHmaT23yvVM2ZWbrrpZb9PusVFin';

describe('counts', () => {
  it('add up by their labels, and leave with the one who takes them', () => {
    const registry = new MetricRegistry();
    registry.count('quantdesk_orders_total', { market: 'SOL-PERP', stage: 'filled' });
    registry.count('quantdesk_orders_total', { stage: 'filled', market: 'SOL-PERP' }, 2);
    registry.count('quantdesk_orders_total', { market: 'BTC-PERP', stage: 'filled' });
    const values = registry.take().map(({ labels, value }) => [...labels, value]);
    expect(values).toEqual([
      ['SOL-PERP', 'filled', 3],
      ['BTC-PERP', 'filled', 1],
    ]);
    expect(registry.take()).toEqual([]);
  });

  it('of what no label names are counted as other: nothing a stranger sends becomes a series', () => {
    const registry = new MetricRegistry();
    for (let i = 0; i < 1_000; i++) {
      registry.count('quantdesk_http_requests_total', { operation: `GET /made-up/${i}`, status: '2xx' });
      registry.count('quantdesk_orders_total', { market: `MARKET-${i}`, stage: 'filled' });
    }
    const samples = registry.take();
    const operations = samples.filter(({ name }) => name === 'quantdesk_http_requests_total');
    expect(operations).toHaveLength(METRICS.quantdesk_http_requests_total.labels.operation.valuesMax + 1);
    expect(operations.reduce((sum, { value }) => sum + value, 0)).toBe(1_000);
    expect(samples.filter(({ name }) => name === 'quantdesk_orders_total')).toMatchObject([
      { labels: ['other', 'filled'], value: 1_000 },
    ]);
  });

  it('never carry an address, whoever gives it', () => {
    const registry = new MetricRegistry();
    registry.count('quantdesk_chain_errors_total', { code: wallet });
    registry.count('quantdesk_chain_errors_total', { code: `account ${wallet} not found` });
    registry.count('quantdesk_chain_errors_total', { code: 'line\nbreak' });
    registry.count('quantdesk_chain_errors_total', { code: 'x'.repeat(200) });
    expect(registry.take()).toMatchObject([{ labels: ['other'], value: 4 }]);
  });
});

describe('the catalogue', () => {
  const names = Object.keys(METRICS) as MetricName[];
  it.each(names)('bounds %s and gives it a name that says what it is', (name) => {
    const { type, labels, buckets = [], help, unit } = specOf(name);
    expect(name).toMatch(/^quantdesk_[a-z_]+$/);
    expect(name.endsWith('_total')).toBe(type === 'counter');
    expect(help.length * unit.length).toBeGreaterThan(0);
    const bound = Object.values(labels).reduce(
      (product, spec) => product * (1 + ('valuesMax' in spec ? spec.valuesMax : spec.length)),
      1,
    );
    // A histogram is a series for each of its buckets.
    expect(bound * (type === 'histogram' ? buckets.length + 3 : 1)).toBeLessThanOrEqual(1_000);
    expect(type === 'histogram').toBe(buckets.length > 0);
    expect(buckets.toSorted((a, b) => a - b)).toEqual(buckets);
    // One data point of the Analytics Engine holds 20 numbers.
    expect(buckets.length + 3).toBeLessThanOrEqual(20);
  });
});

describe('the text for Prometheus', () => {
  it('shows counters, gauges and histograms with cumulative buckets', () => {
    const registry = new MetricRegistry();
    registry.count('quantdesk_dead_letters_total', {}, 3);
    for (const seconds of [0.1, 0.3, 2, 400])
      registry.observe('quantdesk_risk_check_seconds', { kind: 'capped' }, seconds);
    const text = prometheusText([...registry.take(), gauge('quantdesk_indexer_holes', {}, 2)]);
    expect(text).toContain('# TYPE quantdesk_dead_letters_total counter\nquantdesk_dead_letters_total 3\n');
    expect(text).toContain('# TYPE quantdesk_indexer_holes gauge\nquantdesk_indexer_holes 2\n');
    const bucket = (le: string, count: number) =>
      `quantdesk_risk_check_seconds_bucket{kind="capped",le="${le}"} ${count}\n`;
    for (const [le, count] of [
      ['0.1', 1],
      ['0.25', 1],
      ['0.5', 2],
      ['2', 3],
      ['300', 3],
      ['+Inf', 4],
    ] as const)
      expect(text).toContain(bucket(le, count));
    expect(text).toContain('quantdesk_risk_check_seconds_sum{kind="capped"} 402.4\n');
    expect(text).toContain('quantdesk_risk_check_seconds_count{kind="capped"} 4\n');
    for (const line of text.trimEnd().split('\n'))
      expect(line).toMatch(/^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{([a-z]+="[^"\n]*",?)+\})? -?[\d.e+-]+)$/);
  });

  it('has one line per series, whatever a label holds', () => {
    const text = prometheusText([gauge('quantdesk_sockets', { market: 'a"b\\c\nd' }, 1)]);
    expect(text).toContain('quantdesk_sockets{market="a\\"b\\\\c\\nd"} 1\n');
  });
});

describe('handing over', () => {
  const sinks = () => {
    const added: Sample[] = [];
    const points: unknown[] = [];
    const to: MetricSinks = {
      dataset: { writeDataPoint: (point) => void points.push(point) },
      totals: { add: async (samples) => void added.push(...samples) },
    };
    return { added, points, to };
  };

  it('gives every count once to the totals and to the Analytics Engine, a bounded number at a time', async () => {
    const registry = new MetricRegistry();
    for (let code = 0; code < 150; code++) {
      registry.count('quantdesk_refusals_total', { code: `CODE_${code}` });
      registry.count('quantdesk_order_failures_total', { code: `CODE_${code}` });
    }
    const handOver = new HandOver(registry, 0);
    const { added, points, to } = sinks();
    await handOver.due(() => to, 20_000);
    expect([added.length, points.length]).toEqual([seriesPerHandOverMax, seriesPerHandOverMax]);
    expect(handOver.due(() => to, 20_001)).toBeNull();
    await handOver.due(() => to, 40_000);
    expect(added.reduce((sum, { value }) => sum + value, 0)).toBe(300);
    expect(points).toContainEqual({
      indexes: ['quantdesk_refusals_total'],
      blobs: ['quantdesk_refusals_total', 'CODE_0'],
      doubles: [1],
    });
  });

  it('fails nobody: what could not be given is lost, and counted', async () => {
    const registry = new MetricRegistry();
    registry.count('quantdesk_dead_letters_total', {});
    const failing = { dataset: undefined, totals: { add: () => Promise.reject(new Error('away')) } };
    await new HandOver(registry, 0).run(() => failing, 0);
    await new HandOver(registry, 0).run(() => {
      throw new Error('no settings');
    }, 0);
    expect(registry.take()).toMatchObject([{ name: 'quantdesk_metrics_lost_total', value: 1 }]);
  });
});
