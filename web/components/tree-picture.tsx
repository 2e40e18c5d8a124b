import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Tile } from '../../server/domain/tiles.ts';
import { tilesOf } from '../../server/domain/tiles.ts';
import type { PidAnswer } from '../../server/interfaces/http/schemas.ts';
import { useOffer } from '../chart-pictures.ts';
import { formatBytes } from '../lib/bytes.ts';
import type { ImageFormat } from '../lib/chart-spec.ts';
import { countOf } from '../lib/numbers.ts';
import { shorten, shortName } from '../lib/process-text.ts';
import { unit } from '../lib/reader.ts';
import type { TreeChart, TreeChartSpec, TreeTile } from '../lib/tree-chart.ts';
import { openTreeChart } from '../lib/tree-chart.ts';
import { memTotalBytes } from '../machine.ts';
import { navigate } from '../navigation.ts';
import type { View } from '../state.ts';
import { linkTo } from '../state.ts';
import { isDark } from '../theme.ts';
import { PICTURE_LABELS } from './tree-tools.tsx';

type Row = PidAnswer['rows'][number];

export interface TreePictureProps {
  readonly view: View;
  readonly rows: readonly Row[];
  readonly ts: string;
  readonly kind: TreeChartSpec['kind'];
}

function describe({ id, parent, ownBytes, bytes, row, processes }: Tile<Row>): TreeTile {
  const who = row
    ? `${shorten(shortName(row), 32)} ${row.pid}`
    : countOf(processes, 'smaller one', 'smaller ones');
  const isAlone = row === null || bytes === ownBytes;
  return {
    ...{ id, parent, ownBytes, bytes },
    name: `${who} · ${formatBytes(bytes)}`,
    text: isAlone ? '' : `own ${formatBytes(ownBytes)}, ${countOf(processes, 'process', 'processes')}`,
  };
}

/** The page of the process that a tile stands for; none for the small ones. */
function hrefOfTile(id: string, { view, ts, kind }: TreePictureProps): string | null {
  return id.startsWith('p') ? linkTo('pid', view, { pid: id.slice(1), ts, view: kind }) : null;
}

function useTreeChart(spec: TreeChartSpec, onTile: (id: string) => void) {
  const element = useRef<HTMLDivElement>(null);
  const chart = useRef<Promise<TreeChart> | null>(null);
  const latest = useRef(onTile);
  const [state, setState] = useState<'waiting' | 'drawn' | 'failed'>('waiting');
  latest.current = onTile;
  useEffect(() => {
    if (chart.current) {
      void chart.current.then((open) => open.update(spec));
    } else if (element.current) {
      chart.current = openTreeChart(element.current, spec, (id) => latest.current(id));
      chart.current.then(
        () => setState('drawn'),
        () => setState('failed'),
      );
    }
  }, [spec, isDark.value]);
  useEffect(() => () => void chart.current?.then((open) => open.close()), []);
  const take = async (format: ImageFormat) => {
    if (!chart.current) throw new Error('a picture that is not on the page');
    return (await chart.current).image(format);
  };
  useOffer({ title: PICTURE_LABELS[spec.kind], take });
  return { element, state };
}

/** The rows of the table as tiles: each as large as its memory, its own part visible beside its children's. */
export function TreePicture(props: TreePictureProps) {
  const { rows, kind } = props;
  const tiles = useMemo(() => tilesOf(rows), [rows]);
  const memTotal = memTotalBytes.value;
  const spec = useMemo(
    () => ({ kind, memTotal, tiles: tiles.map(describe) }),
    [tiles, kind, memTotal, unit.value],
  );
  const { element, state } = useTreeChart(spec, (id) => {
    const href = hrefOfTile(id, props);
    if (href) navigate(href);
  });
  const total = tiles.reduce((sum, { ownBytes }) => sum + ownBytes, 0);
  return (
    <figure class="tree-map">
      <figcaption class="muted">
        RSS of the processes below, together at most {formatBytes(total)}. A tile opens its process.
      </figcaption>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms; this groups a picture */}
      <div class="plot" data-state={state} role="group" aria-label={`${kind}: the table below as a picture`}>
        <div ref={element} class="plot-area" />
        {state === 'failed' ? (
          <p class="plot-note">The picture could not be drawn. Its figures are in the table below.</p>
        ) : null}
      </div>
    </figure>
  );
}
