import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, onTestFinished } from 'vitest';

const PREFIX = 'memory-inspector-test-';

function makeFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), PREFIX));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** A folder of the running test, gone when the test is. */
export function tempFolder(): string {
  const folder = makeFolder();
  onTestFinished(() => folder.remove());
  return folder.path;
}

/**
 * A folder that the tests of a file or `describe` share. Call it outside of tests and hooks; it is there from the
 * first hook on, and not at all where no test runs.
 */
export function sharedTempFolder(): string {
  const path = join(tmpdir(), PREFIX + randomUUID());
  beforeAll(() => mkdirSync(path, { recursive: true }));
  afterAll(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A folder of one run within a test, for properties that run many times. */
export async function withTempFolder<T>(use: (folder: string) => Promise<T> | T): Promise<T> {
  const folder = makeFolder();
  try {
    return await use(folder.path);
  } finally {
    folder.remove();
  }
}
