import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';

/** @typedef {{ name: string, version: string, licence: string | null, isTool: boolean }} Package */
/** @typedef {{ allowed: string[], allowedInTools: string[], packages: Record<string, { licence: string, why: string }> }} Policy */

/** @returns {Policy} */
export const readPolicy = () => JSON.parse(readFileSync(join(root, 'scripts/lib/licence-policy.json'), 'utf8'));

/**
 * Packages of a lockfile, each version once; what the project itself is, is left out.
 * @param {{ packages: Record<string, { version?: string, license?: string, dev?: boolean, link?: boolean, name?: string }> }} lockfile
 * @returns {Package[]}
 */
export function packagesOf({ packages }) {
  const found = new Map();
  for (const [path, { version = '', license = null, dev = false, link = false, name }] of Object.entries(packages)) {
    if (path === '' || link) continue;
    const known = name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const key = `${known}@${version}`;
    found.set(key, { name: known, version, licence: license, isTool: dev && (found.get(key)?.isTool ?? true) });
  }
  return [...found.values()].sort((a, b) =>
    a.name < b.name ? -1 : a.name > b.name ? 1 : a.version < b.version ? -1 : 1,
  );
}

/**
 * Whether a licence expression (SPDX, without nesting beyond one pair of brackets) can be taken by one of the licences: one side of an OR, all
 * of an AND.
 * @param {string} expression
 * @param {ReadonlySet<string>} taken
 */
export const isTaken = (expression, taken) =>
  expression
    .replaceAll(/[()]/g, '')
    .split(' OR ')
    .some((side) => side.split(' AND ').every((licence) => taken.has(licence)));

/**
 * Packages that the policy does not take, each with why, and entries of the policy that nothing needs.
 * @param {readonly Package[]} packages
 * @param {Policy} policy
 * @returns {string[]}
 */
export function breachesOf(packages, policy) {
  const everywhere = new Set(policy.allowed);
  const inTools = new Set([...policy.allowed, ...policy.allowedInTools]);
  const refused = packages.filter(({ name, licence, isTool }) => {
    const known = policy.packages[name];
    if (known !== undefined) return licence !== null && licence !== known.licence;
    return licence === null || !isTaken(licence, isTool ? inTools : everywhere);
  });
  const names = new Set(packages.map(({ name }) => name));
  return [
    ...refused.map(
      ({ name, version, licence, isTool }) =>
        `${name}@${version} is under ${licence ?? 'no stated licence'}, ${isTool ? 'a tool' : 'and is shipped'}`,
    ),
    ...Object.keys(policy.packages)
      .filter((name) => !names.has(name))
      .map((name) => `licence-policy.json names ${name}, which nothing installs`),
  ];
}

/**
 * docs/licences.md: by licence, what is shipped and what is only used to build and test.
 * @param {readonly Package[]} packages
 * @param {Policy} policy
 */
export function licencePage(packages, policy) {
  const licenceOf = ({ name, licence }) => licence ?? policy.packages[name]?.licence ?? 'none stated';
  const table = (list) => {
    const byLicence = Map.groupBy(list, licenceOf);
    const rows = [...byLicence].sort(([a], [b]) => (a < b ? -1 : 1));
    const names = (of) => [...new Set(of.map(({ name }) => name))].join(', ');
    return rows.map(([licence, of]) => `- **${licence}** (${of.length}): ${names(of)}`).join('\n');
  };
  const special = Object.entries(policy.packages).map(([name, { licence, why }]) => `- ${name}: ${licence}; ${why}.`);
  return `# Licences of what is installed from npm

Written by \`npm run licences\` from \`package-lock.json\`; \`npm run check\` fails where it is old or a licence is not allowed. QuantDesk itself is under
Apache-2.0. Allowed everywhere: ${policy.allowed.join(', ')}. In tools, which are not shipped, also: ${policy.allowedInTools.join(', ')}.
\`npm run sbom\` writes the whole list with versions and hashes, crates too, as CycloneDX.

## Taken by name

${special.join('\n')}

## Shipped, or installed beside what is

${table(packages.filter(({ isTool }) => !isTool))}

## Tools

${table(packages.filter(({ isTool }) => isTool))}
`;
}
