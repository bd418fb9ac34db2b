import type { Plugin } from 'vite';

/** Mentions of what the terminal never runs: without them nothing imports the modules behind them. */
const neverRun: readonly { readonly module: RegExp; readonly mentions: readonly RegExp[] }[] = [
  {
    // It writes no JSON Schema, answers of the exchange hold no cycles, and texts for people are its own.
    module: /\/zod\/v4\/classic\/schemas\.js$/,
    mentions: [
      /inst\._zod\.processJSONSchema = [^;]*;/g,
      /jsonSchema: \{\s*input: create\w+\(this, "input"\),\s*output: create\w+\(this, "output"\),\s*\},/g,
      /return createToJSONSchemaMethod\(this, \{\}\)\(params\);/g,
      /if \(!core\.globalConfig\.memoizer\)\s*core\.config\(\{ memoizer: core\.memoizer\(\) \}\);/g,
      /if \(!core\.globalConfig\.localeError\)\s*core\.config\(en\(\)\);/g,
      // What a schema says of itself is asked by nobody here.
      /^\s*\w+: \(inst\) => processors\.aggregateChecks[^\n]*$/gm,
      // Formats of a text as methods: `refuseFormatMethods` finds their calls.
      /\w+\(params\) \{\s*return this\.check\(core\._\w+\(Zod\w+, params\)\);\s*\},/g,
    ],
  },
  // Operators have other tools.
  { module: /\/sdk\/client\.ts$/, mentions: [/admin: adminOf\(http\),?/g] },
];

/** Called as `z.email()` they stand for themselves; as methods of `z.string()` they would all be in the bundle. */
const formatMethods =
  /\bz\s*\.string\(\)(?:\s*\.\w+\([^()]*\))*\s*\.(?:email|url|jwt|emoji|guid|uuid(?:v\d)?|nanoid|cuid2?|ulid|base64(?:url)?|xid|ksuid|ipv[46]|cidrv[46]|e164|datetime|date|time|duration)\(/;

/** Fails the build where a schema calls what `leaveOut` has taken from it. */
export function refuseFormatMethods(): Plugin {
  return {
    name: 'refuse-format-methods',
    apply: 'build',
    enforce: 'pre',
    transform(code, id) {
      if (/\/node_modules\//.test(id) || !/\.tsx?$/.test(id)) return;
      const call = formatMethods.exec(code)?.[0];
      if (call !== undefined) this.error(`${id}: write the format of ${call}…) as z.<format>() instead`);
    },
  };
}

/** Cuts them out of the build. A module that says it in another way fails the build: the list is to be corrected then. */
export function leaveOut(): Plugin {
  return {
    name: 'leave-out',
    apply: 'build',
    enforce: 'post',
    transform(code, id) {
      const part = neverRun.find(({ module }) => module.test(id));
      if (part === undefined) return null;
      const lean = part.mentions.reduce((text, mention) => {
        const shorter = text.replace(mention, '');
        if (shorter === text) this.error(`${id} has no ${mention.source} to leave out any more`);
        return shorter;
      }, code);
      return { code: lean, map: null };
    },
  };
}

/** From where to where a text is cut. */
type Cut = readonly [from: number, to: number];

/** What the fields of the contract mean is for the reference of the API alone: calls of `.meta(…)` are cut from the schemas. */
export function dropDescriptions(): Plugin {
  return {
    name: 'drop-descriptions',
    apply: 'build',
    enforce: 'post',
    transform(code, id) {
      if (!/\/workers\/shared\/.*\.ts$/.test(id) || !code.includes('.meta(')) return null;
      const cuts = metaCalls(this.parse(code)).sort(([a], [b]) => b - a);
      return { code: cuts.reduce((text, [from, to]) => text.slice(0, from) + text.slice(to), code), map: null };
    },
  };
}

interface SyntaxNode {
  readonly type: string;
  readonly end: number;
  readonly callee?: SyntaxNode & { readonly object?: SyntaxNode; readonly property?: { readonly name?: string } };
}

/** Where `.meta(…)` stands after something, however deep. */
function metaCalls(node: unknown): Cut[] {
  if (typeof node !== 'object' || node === null) return [];
  const { type, callee, end } = node as SyntaxNode;
  const inner = Object.values(node).flatMap(metaCalls);
  if (type !== 'CallExpression' || callee?.object === undefined || callee.property?.name !== 'meta') return inner;
  const from = callee.object.end;
  // What is inside of its argument goes with it.
  return [...inner.filter(([at]) => at < from), [from, end]];
}
