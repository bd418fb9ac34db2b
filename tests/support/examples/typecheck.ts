import ts from 'typescript';
import { exampleVariables } from '../../../workers/api/docs/variables.ts';
import { typescriptPrelude } from '../../../workers/api/docs/examples.ts';

const root = new URL('../../../', import.meta.url).pathname;
const file = `${root}examples/reference-examples.ts`;

/** One module of all examples, each in a function of its own, over what the reference says they start from. */
function moduleOf(examples: readonly (readonly [string, string])[]): string {
  const [imports = '', ...setup] = typescriptPrelude.split('\n\n');
  const variables = exampleVariables.map(({ typescript }) => `declare const ${typescript}: string;`);
  const functions = examples.map(
    ([key, text]) => `// ${key}\nexport const _${functionName(key)} = async () => {\n${text}\n};`,
  );
  return [imports, ...variables, ...setup, ...functions].join('\n');
}

const functionName = (key: string): string => key.replaceAll(/\W+/g, '_');

/** What the compiler says against the examples, each with the operation it is of. */
export function typeErrorsIn(examples: readonly (readonly [string, string])[]): string[] {
  const text = moduleOf(examples);
  const { config } = ts.readConfigFile(`${root}tsconfig.node.json`, ts.sys.readFile) as { config: unknown };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const strict = { ...options, noEmit: true, noUnusedLocals: false, composite: false, incremental: false };
  const host = ts.createCompilerHost(strict);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (name) => name === file || fileExists(name);
  host.getSourceFile = (name, version, ...rest) =>
    name === file ? ts.createSourceFile(name, text, version) : getSourceFile(name, version, ...rest);
  const program = ts.createProgram([file], strict, host);
  const source = program.getSourceFile(file);
  const found = [...program.getSemanticDiagnostics(source), ...program.getSyntacticDiagnostics(source)];
  return found.map(({ start, messageText }) => {
    const key = text.slice(0, start).split('\n// ').at(-1)?.split('\n')[0] ?? '';
    return `${key}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
  });
}
