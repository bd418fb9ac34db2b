// Patches a copy of rust-src so that `std` builds for target_os = "solana", which upstream does not know. The toolchain is pinned:
// an edit that does not apply exactly as often as expected is an error.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const library = process.argv[2];
if (library === undefined) throw new Error('usage: patch-std.mjs <copy of rust-src>/library');

function edit(path, pattern, replacement, expected) {
  const file = join(library, path);
  const before = readFileSync(file, 'utf8');
  let made = 0;
  const after = before.replace(pattern, (...match) => {
    made += 1;
    return replacement.replaceAll('$1', typeof match[1] === 'string' ? match[1] : '');
  });
  if (made !== expected) throw new Error(`${path}: expected ${expected} edits of ${pattern}, made ${made}`);
  writeFileSync(file, after);
}

const besideVexos = '$1target_os = "vexos",\n$1target_os = "solana",';

edit('std/src/sys/alloc/mod.rs', /( {4}target_arch = "xtensa",\n)/g, '$1    target_arch = "bpf",\n', 1);
edit(
  'std/src/sys/alloc/mod.rs',
  /( {4}target_os = "zkvm" => \{)/g,
  '    target_os = "solana" => {\n        mod solana;\n        use solana as imp;\n    }\n$1',
  1,
);
edit(
  'std/src/sys/alloc/mod.rs',
  /target_os = "uefi", target_os = "zkvm"\) => \{/g,
  'target_os = "uefi", target_os = "zkvm", target_os = "solana") => {',
  1,
);
edit(
  'std/src/sys/io/error/mod.rs',
  /any\(target_os = "vexos", target_family/g,
  'any(target_os = "solana", target_os = "vexos", target_family',
  1,
);
edit('std/src/sys/random/mod.rs', /( *)target_os = "vexos",/g, besideVexos, 2);
edit('std/src/sys/thread_local/mod.rs', /( *)target_os = "vexos",/g, besideVexos, 2);
// No writable statics exist on sBPF, so hash maps get fixed keys: determinism is what a program needs anyway.
edit(
  'std/src/hash/random.rs',
  /pub fn new\(\) -> RandomState \{/g,
  `pub fn new() -> RandomState {
        #[cfg(target_os = "solana")]
        return RandomState { k0: 1, k1: 2 };
        #[cfg(not(target_os = "solana"))]
        Self::new_seeded()
    }

    #[cfg(not(target_os = "solana"))]
    fn new_seeded() -> RandomState {`,
  1,
);
writeFileSync(
  join(library, 'std/src/sys/alloc/solana.rs'),
  `use crate::alloc::Layout;
// A program installs its own global allocator; this one is never used.
pub unsafe fn alloc(_layout: Layout) -> *mut u8 { crate::ptr::null_mut() }
pub unsafe fn dealloc(_ptr: *mut u8, _layout: Layout) {}
pub unsafe fn realloc(_ptr: *mut u8, _layout: Layout, _new_size: usize) -> *mut u8 { crate::ptr::null_mut() }
`,
);
