/** One press of a key, as far as shortcuts look at it. */
export interface KeyPress {
  readonly key: string;
  /** Ctrl, or Cmd on a Mac. */
  readonly mod: boolean;
  /** Any of Ctrl, Cmd and Alt. */
  readonly modified: boolean;
  /** The key is held down. */
  readonly repeat: boolean;
}

/** Where the press goes: `field` is anything that takes letters, `dialog` any window or menu that is open. */
export type KeyPlace = 'page' | 'field' | 'dialog';

/** What a shortcut is made of: one key, or two in a row; `mod+k` with Ctrl or Cmd. Letters in lower case. */
export type Keys = readonly [string] | readonly [string, string];

export interface Binding {
  readonly id: string;
  readonly keys: Keys;
}

/** The first key of two, and when it was pressed. */
export interface FirstKey {
  readonly key: string;
  readonly atMs: number;
}

/** The second key of two is expected within this time. */
export const secondKeyMsMax = 1_500;

export interface KeyReading {
  /** Of the binding that this press completes. */
  readonly id?: string;
  /** The press begins a binding of two keys. */
  readonly first?: FirstKey;
}

/** The press as bindings name it. Shift is part of the character (`?`), not of the name. */
const nameOf = (press: KeyPress): string => `${press.mod ? 'mod+' : ''}${press.key.toLowerCase()}`;

/**
 * What a press means. Letters never mean anything while they are typed into a field or while a window is open; Ctrl or Cmd with a letter
 * does in a field, for no text comes of it.
 */
export function readKey(
  press: KeyPress,
  place: KeyPlace,
  first: FirstKey | undefined,
  nowMs: number,
  bindings: readonly Binding[],
): KeyReading {
  if (place === 'dialog' || press.repeat) return {};
  if (place === 'field' && !press.mod) return {};
  if (press.modified && !press.mod) return {};
  const name = nameOf(press);
  if (first !== undefined && nowMs - first.atMs <= secondKeyMsMax) {
    const second = bindings.find(({ keys }) => keys.length === 2 && keys[0] === first.key && keys[1] === name);
    if (second !== undefined) return { id: second.id };
  }
  const single = bindings.find(({ keys }) => keys.length === 1 && keys[0] === name);
  if (single !== undefined) return { id: single.id };
  const begins = bindings.some(({ keys }) => keys.length === 2 && keys[0] === name);
  return begins ? { first: { key: name, atMs: nowMs } } : {};
}

/** How a key is written on a Mac's keyboard and on others. */
export function keyLabel(key: string, mac: boolean): string {
  const [modifier, letter] = key.startsWith('mod+') ? ['mod', key.slice(4)] : ['', key];
  const shown = letter.length === 1 ? letter.toUpperCase() : letter === 'escape' ? 'Esc' : letter;
  if (modifier === '') return shown;
  return mac ? `⌘${shown}` : `Ctrl ${shown}`;
}

/** Two bindings of which a press could mean either; none in a good list. */
export function conflictsOf(bindings: readonly Binding[]): string[] {
  return bindings.flatMap((one, index) =>
    bindings.slice(index + 1).flatMap((other) => {
      const isSame = one.keys.join(' ') === other.keys.join(' ');
      const isHidden = one.keys.length !== other.keys.length && one.keys[0] === other.keys[0];
      return isSame || isHidden ? [`${one.id} / ${other.id}`] : [];
    }),
  );
}
