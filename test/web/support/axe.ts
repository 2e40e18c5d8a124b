import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'puppeteer-core';
import { afterAll } from 'vitest';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Finding {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary?: string }[];
}

/** Told at the end: how much was looked at. */
const looked = { pages: 0, rules: 0, serious: 0 };

/** What axe-core finds that hurts someone. It is run through the debugger, which the page's policy does not bind. */
export async function findings(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  const { violations, passes } = await page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run: (root: Document) => Promise<{ violations: Finding[]; passes: unknown[] }> };
    };
    const { violations, passes } = await axe.run(document);
    return { violations, passes: passes.length };
  });
  const serious = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} ${target.join(' ')}: ${failureSummary}`),
    );
  looked.pages += 1;
  looked.rules += passes + violations.length;
  looked.serious += serious.length;
  return serious;
}

/** At the end of a file of tests: how much was looked at. */
export function tellWhatAxeSaw(): void {
  afterAll(() => {
    const { pages, rules, serious } = looked;
    console.log(
      `axe-core: ${pages} pages and states, ${rules} rules held against them, ${serious} serious or critical`,
    );
  });
}
