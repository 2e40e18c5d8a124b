import { useRef } from 'preact/hooks';
import { besideHref, useOutcome } from '../beside.ts';
import { lastSample } from '../health.ts';
import type { LiveSeries } from '../lib/live-series.ts';
import { missingPart } from '../lib/live-series.ts';
import type { Span } from '../lib/series.ts';

/** What was recorded of a stretch, where the feed does not tell it. */

const PX = 600;
/** Asked for ahead, as a share of the stretch: while points fall out of the feed's ring it need not be asked again. */
const AHEAD = 0.25;

interface Question {
  readonly path: string;
  readonly host: string;
  readonly span: Span;
  readonly series: LiveSeries;
}

interface Asked {
  readonly place: string;
  readonly span: Span;
  /** The newest sample then: what is still being read comes when it is asked again. */
  readonly sampled: number;
}

function isEnough(asked: Asked, place: string, missing: Span, sampled: number): boolean {
  const { span } = asked;
  const holdsAll = span.from <= missing.from && missing.to <= span.to;
  return asked.place === place && holdsAll && (asked.sampled >= missing.to || asked.sampled === sampled);
}

/** What was asked for last, as long as it holds what is missing. */
function useAsked(place: string, question: Question): Asked | null {
  const asked = useRef<Asked | null>(null);
  const sampled = lastSample.value ?? 0;
  const missing = missingPart(question.span, question.series);
  if (!missing) return null;
  if (asked.current && isEnough(asked.current, place, missing, sampled)) return asked.current;
  const { span, series } = question;
  const newest = series.points.at(-1)?.t ?? missing.to;
  const ahead = Math.min(newest, missing.to + (span.to - span.from) * AHEAD);
  asked.current = { place, sampled, span: { from: missing.from, to: Math.max(missing.to, ahead) } };
  return asked.current;
}

function iso(t: number): string {
  return new Date(t).toISOString();
}

/**
 * @returns the answer of `path` for the stretch; `null` while there is none, and where nothing was recorded
 */
export function useRecorded<T>(question: Question): T | null {
  const place = `${question.path} ${question.host}`;
  const asked = useAsked(place, question);
  const range = asked && { from: iso(asked.span.from), to: iso(asked.span.to), px: String(PX) };
  const href = range && besideHref(question.path, { host: question.host, ...range });
  const known = useOutcome<T, string>(href, place, asked?.sampled);
  if (!asked || known?.about !== place) return null;
  return known.outcome.kind === 'answer' ? known.outcome.answer : null;
}
