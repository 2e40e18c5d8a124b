import { formatChange } from '../lib/bytes.ts';
import type { Change } from '../lib/change.ts';
import { isMarked } from '../lib/change.ts';
import { exactBytes } from '../lib/numbers.ts';

interface ChangeProps {
  readonly change: Change | null;
  readonly memTotal: number | null;
  readonly label: string;
}

/** A change in bytes; what grew much is marked, and the sign says which way. */
export function ChangeValue({ change, memTotal, label }: ChangeProps) {
  if (change === null) return <span class="unknown">–</span>;
  const { bytes, isNew } = change;
  const title = `${label}: ${exactBytes(bytes)}`;
  if (isNew) {
    return (
      <data value={bytes} title={`Not alive then; ${title}`}>
        <span class="tag">new</span>
      </data>
    );
  }
  const kind = isMarked(bytes, memTotal) ? 'grew' : bytes === 0 ? 'zero' : undefined;
  return (
    <data value={bytes} title={title} class={kind}>
      {formatChange(bytes)}
    </data>
  );
}
