import { formatBytes } from '../lib/bytes.ts';
import type { Spark } from '../lib/sparkline.ts';
import { SPARK_HEIGHT, SPARK_WIDTH, sparkFigures, sparkPath } from '../lib/sparkline.ts';

/** The line is for the eye; what it shows is said in words. */
interface SparklineProps {
  readonly spark: Spark | undefined;
  /** Of what and when it is. */
  readonly about: string;
}

export function Sparkline({ spark, about }: SparklineProps) {
  const figures = spark ? sparkFigures(spark) : null;
  if (!spark || !figures) return <span class="spark" />;
  const { first, last, most } = figures;
  const text = `${formatBytes(first)} → ${formatBytes(last)}, at most ${formatBytes(most)}`;
  return (
    <span class="spark" title={`${about}: ${text}`}>
      <svg width={SPARK_WIDTH} height={SPARK_HEIGHT} aria-hidden="true">
        <path d={sparkPath(spark)} />
      </svg>
      <span class="sr-only">{text}</span>
    </span>
  );
}
