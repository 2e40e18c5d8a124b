import { useEffect, useRef, useState } from 'preact/hooks';
import type { LivePoint } from '../../server/domain/live-point.ts';
import { formatBytes, formatPart } from '../lib/bytes.ts';
import { groupOf, preferredBytes } from '../lib/live-past.ts';

/** What a screen reader is told of the figures: now and then, and only where they are others. */

const SPEAKS_EVERY_MS = 10_000;

interface VoiceProps {
  readonly point: LivePoint;
  readonly watch: string | undefined;
}

function sentenceOf({ point, watch }: VoiceProps): string {
  const { used_bytes, metrics } = point.system;
  const total = watch === undefined ? null : (groupOf(point, watch)?.total ?? null);
  if (total) return `${watch}: ${formatBytes(preferredBytes(total))}`;
  return used_bytes === null ? '' : `${formatPart(used_bytes, metrics.mem_total_bytes ?? null)} used`;
}

export function LiveVoice(props: VoiceProps) {
  const latest = useRef(props);
  latest.current = props;
  const [said, setSaid] = useState('');
  useEffect(() => {
    const timer = setInterval(() => setSaid(sentenceOf(latest.current)), SPEAKS_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <p class="sr-only" role="status">
      {said}
    </p>
  );
}
