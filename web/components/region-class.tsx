import type { RegionClass } from '../../server/domain/memory-regions.ts';
import { REGION_CLASSES } from '../../server/domain/memory-regions.ts';
import type { AnalyzeSummaryAnswer } from '../../server/interfaces/http/schemas/analyze.ts';
import { formatBytes } from '../lib/bytes.ts';
import { formatShare } from '../lib/numbers.ts';

/** What a region is, in words, by letter and by colour: the same wherever it is told. */

type ClassTotals = AnalyzeSummaryAnswer['classes'][number];

const labels = new Map(REGION_CLASSES.map((one) => [one.id as string, one]));

export function classLabel(id: RegionClass): string {
  return labels.get(id)?.label ?? id;
}

/** The letter is the predecessor's, so that colour is never alone. */
export function ClassMark({ id }: { readonly id: RegionClass }) {
  const { letter, help } = labels.get(id) ?? { letter: '?', help: '' };
  return (
    <span class={`region-mark region-${id}`} title={help} aria-hidden="true">
      {letter}
    </span>
  );
}

interface ClassBarProps {
  readonly classes: readonly ClassTotals[];
  /** Where a class leads: its regions. */
  readonly hrefOf: (id: RegionClass) => string;
}

/** Resident memory by class, as one bar. Each part is a link; those of nothing are left out. */
export function ClassBar({ classes, hrefOf }: ClassBarProps) {
  const parts = classes.filter(({ rss_bytes }) => rss_bytes > 0);
  const whole = parts.reduce((sum, { rss_bytes }) => sum + rss_bytes, 0);
  if (whole === 0) return <p class="muted">Nothing of it is in RAM.</p>;
  return (
    <div class="class-bar">
      {parts.map(({ class: id, rss_bytes }) => (
        <a
          key={id}
          class={`region-${id}`}
          href={hrefOf(id)}
          ref={(link) => link?.style.setProperty('flex-grow', String(rss_bytes / whole))}
          title={`${classLabel(id)}: ${formatBytes(rss_bytes)}, ${formatShare(rss_bytes / whole)}`}
          aria-label={`${classLabel(id)}: ${formatBytes(rss_bytes)} resident`}
        >
          {rss_bytes / whole > 0.08 ? classLabel(id) : labels.get(id)?.letter}
        </a>
      ))}
    </div>
  );
}
