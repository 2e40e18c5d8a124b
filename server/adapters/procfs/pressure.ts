import type { Pressure, StallShare } from '../../application/system-reading.ts';

const LINE = /^(some|full) avg10=([\d.]+) avg60=([\d.]+) avg300=([\d.]+) total=\d+$/gm;

/** A pressure file of /proc or of a control group (kernel: accounting/psi); `null` where there is none. */
export function parsePressure(text: string | null): Pressure | null {
  if (text === null) return null;
  const shares = new Map<string, StallShare>();
  for (const [, line, avg10, avg60, avg300] of text.matchAll(LINE))
    shares.set(line, { avg10: Number(avg10), avg60: Number(avg60), avg300: Number(avg300) });
  if (shares.size === 0) return null;
  return { some: shares.get('some') ?? null, full: shares.get('full') ?? null };
}
