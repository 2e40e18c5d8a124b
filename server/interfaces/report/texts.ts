import type { ReportView } from '../../application/view-report.ts';
import { formatMoment } from '../../domain/moment.ts';
import { displayText } from '../../domain/text-notation.ts';
import { zoneOffset } from '../../domain/time-zone.ts';

/** What a report says of processes and instants. Texts arrive in dump notation and leave as what may be shown. */

const LONGEST_TITLE = 120;

interface Named {
  readonly cmd: string | null;
  readonly comm: string | null;
}

/** Command, or for kernel threads the name in brackets. */
export function nameOf({ cmd, comm }: Named): string {
  const command = displayText(cmd);
  return command.trim() ? command : `[${displayText(comm)}]`;
}

/** A name that is longer than anybody reads is cut, and says so. */
export function cutName(name: string, most: number): string {
  const letters = [...name];
  if (letters.length <= most) return name;
  return `${letters.slice(0, most).join('')}… (${letters.length} characters)`;
}

/** `Europe/Berlin, UTC+01:00` */
export function zoneText(t: number, zone: string): string {
  const minutes = Math.round(zoneOffset(t, zone) / 60_000);
  const digits = (value: number) => String(value).padStart(2, '0');
  const size = Math.abs(minutes);
  const sign = minutes < 0 ? '−' : '+';
  const offset = minutes === 0 ? 'UTC' : `UTC${sign}${digits(Math.floor(size / 60))}:${digits(size % 60)}`;
  return zone === offset ? zone : `${zone}, ${offset}`;
}

export function rangeText(from: number, to: number, zone: string): string {
  return `${formatMoment(from, zone)} to ${formatMoment(to, zone)}`;
}

/** What a report is of. */
export function subjectOf({ process, host }: ReportView): string {
  if (!process) return `Memory of ${displayText(host)}`;
  return `PID ${process.pid} ${cutName(nameOf(process), LONGEST_TITLE)}`;
}
