import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a dump folder's planted names lead to: somebody else's folder with a precious file in it. */
export function putOutside(parent: string): string {
  const outside = join(parent, 'outside');
  mkdirSync(outside);
  writeFileSync(join(outside, 'victim'), 'precious', { mode: 0o600 });
  return outside;
}

export function isUntouched(outside: string): boolean {
  const victim = join(outside, 'victim');
  const isAlone = readdirSync(outside).join() === 'victim';
  return isAlone && readFileSync(victim, 'utf8') === 'precious' && (statSync(victim).mode & 0o7777) === 0o600;
}
