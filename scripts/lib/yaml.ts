const step = '  ';
/** Texts that YAML would read as something else, or that hold what begins a structure. */
const plain = /^[A-Za-z/_][\w ./{}()'-]*$/;
const reserved = /^(true|false|null|yes|no|on|off)$/i;

/** A JSON value as block YAML. Its order is kept, so that a generated file changes only where its source does. */
export function yamlOf(value: unknown, indent = ''): string {
  if (Array.isArray(value)) return listOf(value, indent);
  if (typeof value === 'object' && value !== null) return mapOf(Object.entries(value), indent);
  return `${scalarOf(value)}\n`;
}

function mapOf(entries: readonly (readonly [string, unknown])[], indent: string): string {
  return entries
    .filter(([, item]) => item !== undefined)
    .map(([key, item]) => `${indent}${scalarOf(key)}:${nested(item, indent + step)}`)
    .join('');
}

function listOf(items: readonly unknown[], indent: string): string {
  return items
    .map(
      (item) => `${indent}-${isStructure(item) ? ` ${yamlOf(item, indent + step).trimStart()}` : nested(item, indent)}`,
    )
    .join('');
}

function nested(item: unknown, indent: string): string {
  if (isStructure(item)) return `\n${yamlOf(item, indent)}`;
  return ` ${Array.isArray(item) ? '[]' : typeof item === 'object' && item !== null ? '{}' : scalarOf(item)}\n`;
}

const isStructure = (item: unknown): boolean =>
  typeof item === 'object' && item !== null && Object.keys(item).length > 0;

function scalarOf(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  return plain.test(value) && !reserved.test(value) && value === value.trim() ? value : JSON.stringify(value);
}
