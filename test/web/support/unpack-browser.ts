import chromium from '@sparticuz/chromium';

/** Before any browser test: the browser is unpacked once, not by two workers into the same file. */
export async function setup(): Promise<void> {
  await chromium.executablePath();
}
