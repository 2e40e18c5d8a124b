import type { ChildProcess } from 'node:child_process';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Programs with address spaces of many kinds. Each says that it is ready, then waits. */

const PYTHON = '/usr/bin/python3.11';
const COMPILER = '/usr/bin/gcc';

interface Program {
  readonly name: string;
  /** Files without which it cannot run here. */
  readonly needs: readonly string[];
  /** @param folder of its own @returns the command */
  readonly command: (folder: string) => readonly string[];
}

const WAIT = 'print("ready", flush=True); import time; time.sleep(600)';

function python(...lines: readonly string[]): readonly string[] {
  return [PYTHON, '-c', [...lines, WAIT].join('\n')];
}

function compiled(folder: string, name: string, source: string): readonly string[] {
  const program = join(folder, name);
  writeFileSync(`${program}.c`, source);
  execFileSync(COMPILER, ['-O1', '-pthread', '-o', program, `${program}.c`]);
  return [program];
}

const THREADS = `
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
static void *work(void *unused) { char *p = malloc(300000); memset(p, 1, 300000); pause(); return unused; }
int main(void) {
  pthread_t t;
  for (int i = 0; i < 4; i++) pthread_create(&t, 0, work, 0);
  memset(malloc(50000), 1, 50000);
  usleep(200000);
  puts("ready"); fflush(stdout); pause();
}`;

const GROWS_DOWN = `
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>
int main(void) {
  char *p = mmap(0, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN, -1, 0);
  p[65535] = 1;
  puts("ready"); fflush(stdout); pause();
}`;

/** A file whose name would be another region, if newlines were not escaped. */
const HOSTILE = 'a\\n7f0000000000-7f0000001000 rwxp 00000000 00:00 0 [heap]';

export const PROGRAMS: readonly Program[] = [
  {
    name: 'node',
    needs: [],
    command: () => [process.execPath, '-e', 'console.log("ready"); setInterval(() => {}, 1e9)'],
  },
  { name: 'python', needs: [PYTHON], command: () => python('kept = [bytes(1000) for _ in range(100_000)]') },
  {
    name: 'perl',
    needs: ['/usr/bin/perl'],
    command: () => ['/usr/bin/perl', '-e', '$|=1; @a=(1..100000); print "ready"; sleep 600'],
  },
  {
    name: 'bash',
    needs: ['/usr/bin/bash'],
    command: () => ['/usr/bin/bash', '-c', 'echo ready; read x <&0; :'],
  },
  { name: 'threads', needs: [COMPILER], command: (folder) => compiled(folder, 'threads', THREADS) },
  {
    name: 'mapped file',
    needs: [PYTHON],
    command: (folder) =>
      python(
        'import mmap',
        `f = open(${JSON.stringify(join(folder, 'sparse.dat'))}, 'w+b'); f.truncate(2 << 30)`,
        'm = mmap.mmap(f.fileno(), 0); m[0] = 1; m[1 << 30] = 2; m[-1] = 3',
      ),
  },
  {
    name: 'huge pages',
    needs: [PYTHON],
    command: () =>
      python(
        'import mmap',
        'm = mmap.mmap(-1, 16 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)',
        'm.madvise(mmap.MADV_HUGEPAGE)',
        'for at in range(0, 16 << 20, 4096): m[at] = 1',
      ),
  },
  {
    name: 'shared memory',
    needs: [PYTHON],
    command: () =>
      python(
        'import mmap, os',
        'from multiprocessing import shared_memory',
        's = shared_memory.SharedMemory(create=True, size=1 << 20); s.buf[0] = 1',
        'fd = os.memfd_create("arena"); os.ftruncate(fd, 1 << 20); m = mmap.mmap(fd, 0); m[0] = 1',
        'z = mmap.mmap(-1, 1 << 20); z[0] = 1; z[8192] = 1',
      ),
  },
  {
    name: 'deleted library',
    needs: [PYTHON, COMPILER],
    command(folder) {
      const library = join(folder, 'gone.so');
      writeFileSync(`${library}.c`, 'int big[100000]; int f(void) { big[5] = 1; return big[7]; }');
      execFileSync(COMPILER, ['-shared', '-fPIC', '-o', library, `${library}.c`]);
      const path = JSON.stringify(library);
      return python('import ctypes, os', `l = ctypes.CDLL(${path}); l.f(); os.unlink(${path})`);
    },
  },
  {
    name: 'other user',
    needs: ['/usr/bin/perl', '/usr/bin/setpriv', ...(process.getuid?.() === 0 ? [] : ['/needs/root'])],
    command: () => [
      ...['/usr/bin/setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'],
      ...['/usr/bin/perl', '-e', '$|=1; print "ready"; sleep 600'],
    ],
  },
  { name: 'grows down', needs: [COMPILER], command: (folder) => compiled(folder, 'grows-down', GROWS_DOWN) },
  {
    name: 'hostile name',
    needs: [PYTHON],
    command: (folder) =>
      python(
        'import mmap',
        `f = open(${JSON.stringify(`${folder}/`)} + "${HOSTILE}", 'w+b'); f.truncate(8192)`,
        'm = mmap.mmap(f.fileno(), 0, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ); m[0]',
      ),
  },
];

export function canRun({ needs }: Program): boolean {
  return needs.every((file) => existsSync(file));
}

/** Starts a program and waits until it says that it is ready. */
export async function startProgram(
  { name, command }: Program,
  folder: string,
): Promise<ChildProcess & { readonly pid: number }> {
  const [file, ...args] = command(folder);
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  const { pid } = child;
  if (pid === undefined) throw new Error(`${name} did not start`);
  return Object.assign(child, { pid });
}
