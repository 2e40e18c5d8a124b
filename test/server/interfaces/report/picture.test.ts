import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { viewReport } from '../../../../server/application/view-report.ts';
import { pictureStyles, renderPicture } from '../../../../server/interfaces/report/picture.ts';
import { historyOf } from '../../application/recorded.ts';
import { SMALL_RECORDING } from '../http/small-recording.ts';

const STYLES = join(import.meta.dirname, '../../../../web');
const CSS = ['styles/tokens.css', 'styles/report.css']
  .map((file) => readFileSync(join(STYLES, file), 'utf8').replace(/\/\*[\s\S]*?\*\//g, ''))
  .join('');

async function picture(request: { readonly pid?: number } = {}): Promise<string> {
  const history = await historyOf(SMALL_RECORDING);
  try {
    const view = await viewReport(history, { ...request, limit: 40 }, 'UTC');
    return renderPicture(view, { zone: 'UTC', css: CSS, theme: 'light' });
  } finally {
    history.close();
  }
}

/** Every element that is opened is closed, in order. */
function expectWellFormed(svg: string): void {
  const open: string[] = [];
  for (const [, end, name, single] of svg.matchAll(/<(\/?)([a-z]+)[^<>]*?(\/?)>/g)) {
    if (end) expect(open.pop()).toBe(name);
    else if (!single) open.push(name);
  }
  expect(open).toEqual([]);
}

describe('The picture of a report', () => {
  test('is the chart of RAM and swap, with what it is of and a line for each figure', async () => {
    const svg = await picture();
    expectWellFormed(svg);
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" width="1000"/);
    expect(svg).toContain('Memory of test-1: RAM and swap along time');
    expect(svg).toContain('2026-01-15 12:00:00 to 2026-01-15 12:03:00');
    expect(svg).toMatch(/Used \(total − available\): \S+ [GM]iB, at most \S+ [GM]iB/);
    expect(svg).toMatch(/<path class="line area c1" d="M/);
  });

  test('is of the process, where the report is', async () => {
    const svg = await picture({ pid: 20 });
    expect(svg).toContain('PID 20 /usr/bin/web --all: RSS of the process along time');
    expect(svg).toContain('with all below it: ');
  });

  test('has its styles with it, from the style sheet of reports, in words that every program knows', () => {
    const styles = pictureStyles(CSS, 'light');
    expect(styles).not.toMatch(/var\(|light-dark|@media|NaN|undefined|none;stroke:none/);
    expect(styles).toContain('.c1{');
    expect(styles).toMatch(/\.c1\{\s*color: #0072b2/);
    expect(styles).toMatch(/\.grid\{\s*stroke: #e3e5e4/);
    expect(styles).not.toMatch(/\.facts|\.legend|\.chart|body|currentcolor/);
  });

  test('is dark where that is asked for', () => {
    const styles = pictureStyles(CSS, 'dark');
    expect(styles).toMatch(/\.c1\{\s*color: #56b4e9/);
    expect(styles).toContain('.ground{fill:#121519}');
  });
});
