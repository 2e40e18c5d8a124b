import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Processes that are dear to look into. They say that they are ready, then wait. */

export type Subject = ChildProcess & { readonly pid: number };

async function startPython(lines: readonly string[]): Promise<Subject> {
  const wait = 'print("ready", flush=True); import time; time.sleep(600)';
  const child = spawn('/usr/bin/python3', ['-c', [...lines, wait].join('\n')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  const { pid } = child;
  if (pid === undefined) throw new Error('python3 did not start');
  return Object.assign(child, { pid });
}

/** Neighbouring pages of different access: each is a region, and the kernel may not put them together. */
export function startWithRegions(count: number): Promise<Subject> {
  return startPython([
    'import ctypes',
    'libc = ctypes.CDLL(None, use_errno=True); libc.mmap.restype = ctypes.c_void_p',
    `at = libc.mmap(None, ctypes.c_size_t(${count} * 4096), 3, 0x22, -1, ctypes.c_long(0))`,
    `ctypes.memset(at, 1, ${count} * 4096)`,
    `for page in range(0, ${count}, 2):`,
    '    assert libc.mprotect(ctypes.c_void_p(at + 4096 * page), ctypes.c_size_t(4096), 1) == 0, page',
  ]);
}

/** One region of this many bytes, all of it in RAM. */
export function startWithBytes(bytes: number): Promise<Subject> {
  return startPython([
    'import ctypes, mmap',
    `m = mmap.mmap(-1, ${bytes}, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)`,
    'at = ctypes.addressof(ctypes.c_char.from_buffer(m))',
    `ctypes.memset(at, 1, ${bytes})`,
  ]);
}
