/**
 * What of `npm audit` blocks (SECURITY.md): in what is shipped an advisory of severity high or critical, in tools alone a critical one;
 * unless `audit-exceptions.json` names it, with a reason and a day until which that holds.
 *
 * @typedef {{ id: string, package: string, severity: string, title: string, shipped: boolean }} Advisory
 * @typedef {{ advisory: string, until: string, reason: string }} Exception
 */
const blocking = { shipped: new Set(['high', 'critical']), tools: new Set(['critical']) };

/** Longest time an exception may run: after it somebody looks again. */
const exceptionDaysMax = 90;
const dayMs = 86_400_000;

/**
 * Advisories of a report of `npm audit --json`, each once.
 * @param {{ vulnerabilities?: Record<string, { via: readonly unknown[] }> }} report
 * @param {ReadonlySet<string>} shipped Ids that a report without development tools has.
 * @returns {Advisory[]}
 */
export function advisoriesOf(report, shipped) {
  const found = new Map();
  for (const { via } of Object.values(report.vulnerabilities ?? {})) {
    for (const cause of via) {
      if (typeof cause !== 'object' || cause === null) continue;
      const id = String(cause.url ?? cause.source)
        .split('/')
        .at(-1);
      const { name, severity, title } = cause;
      found.set(id, { id, package: name, severity, title, shipped: shipped.has(id) });
    }
  }
  return [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/**
 * @param {readonly Advisory[]} advisories
 * @param {readonly Exception[]} exceptions
 * @param {number} nowMs
 * @returns {{ blocked: Advisory[], excepted: Advisory[], told: Advisory[], wrong: string[] }} `wrong`: exceptions that hold nothing up, each why.
 */
export function judge(advisories, exceptions, nowMs) {
  const wrong = exceptions.flatMap((exception) => problemsOf(exception, advisories, nowMs));
  const held = new Set(
    exceptions
      .filter((exception) => problemsOf(exception, advisories, nowMs).length === 0)
      .map(({ advisory }) => advisory),
  );
  const result = { blocked: [], excepted: [], told: [], wrong };
  for (const advisory of advisories) {
    const blocks = blocking[advisory.shipped ? 'shipped' : 'tools'].has(advisory.severity);
    result[blocks ? (held.has(advisory.id) ? 'excepted' : 'blocked') : 'told'].push(advisory);
  }
  return result;
}

function problemsOf({ advisory, until, reason }, advisories, nowMs) {
  const end = Date.parse(`${until}T23:59:59Z`);
  if (Number.isNaN(end)) return [`${advisory}: until is no day`];
  if (typeof reason !== 'string' || reason.length < 20) return [`${advisory}: says no reason`];
  if (end < nowMs) return [`${advisory}: ran out on ${until}`];
  if (end - nowMs > (exceptionDaysMax + 1) * dayMs) return [`${advisory}: runs for more than ${exceptionDaysMax} days`];
  if (!advisories.some(({ id }) => id === advisory)) return [`${advisory}: is not reported any more; delete it`];
  return [];
}
