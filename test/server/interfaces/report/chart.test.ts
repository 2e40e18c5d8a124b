import { describe, expect, test } from 'vitest';
import type { Chart } from '../../../../server/interfaces/report/chart.ts';
import { drawChart } from '../../../../server/interfaces/report/chart.ts';

const FROM = Date.UTC(2026, 0, 15, 12);
const MIB = 2 ** 20;

function chart(values: readonly (number | null)[], more: Partial<Chart> = {}): string {
  const t = values.map((_, at) => FROM + at * 60_000);
  return drawChart({
    ...{ id: 'a', title: 'Title <b>', description: 'Text', from: FROM, to: t[t.length - 1] ?? FROM },
    ...{ gaps: [], mark: 0, zone: 'UTC' },
    lines: [{ label: 'x', colour: 'c1', kind: 'line', t, values }],
    ...more,
  }).text;
}

function lineOf(svg: string): string {
  return /<path class="line line c1" d="([^"]*)"/.exec(svg)?.[1] ?? 'none';
}

describe('a chart', () => {
  test('goes from edge to edge, from the bottom to the top of a round scale', () => {
    expect(lineOf(chart([0, 50 * MIB, 100 * MIB]))).toBe('M0 1000L500 500L1000 0');
  });

  test('does not draw across what is not known; a value alone is a dot', () => {
    expect(lineOf(chart([100 * MIB, null, 50 * MIB, 0, null]))).toBe('M0 0h0M500 500L750 1000');
  });

  test('of nothing, and of a single sample, is drawn', () => {
    expect(lineOf(chart([]))).toBe('');
    expect(lineOf(chart([null, null]))).toBe('');
    expect(lineOf(chart([100 * MIB]))).toBe('M500 0h0');
  });

  test('has a band for each gap, and a mark where its moment is in the range', () => {
    const gaps = [{ from: FROM + 60_000, to: FROM + 120_000 }];
    const svg = chart([1, 1, 1, 1, 1], { gaps, mark: FROM + 60_000 });
    expect(svg).toContain('<rect class="gap" x="250" y="0" width="250" height="1000"/>');
    expect(svg).toContain('<path class="mark" d="M250 0V1000"/>');
    expect(chart([1, 1], { mark: FROM - 1 })).not.toContain('class="mark"');
  });

  test('is named and described for those who do not see it', () => {
    const svg = chart([1, 2]);
    expect(svg).toContain('role="img" aria-labelledby="a-title a-text"');
    expect(svg).toContain('<title id="a-title">Title &lt;b&gt;</title><desc id="a-text">Text</desc>');
  });

  test('carries no style of its own: the policy of the report would refuse it', () => {
    expect(chart([1, 2, null, 3])).not.toMatch(/\sstyle=|<style|\son\w+=/);
  });
});
