import type { TreePicture } from '../../server/domain/tree-pictures.ts';
import { TREE_PICTURES } from '../../server/domain/tree-pictures.ts';
import { pictureOf } from '../about-view.ts';
import { CLOSE_ALL, OPEN_ALL } from '../lib/tree-folding.ts';
import { adjustView } from '../navigation.ts';
import type { View } from '../state.ts';
import { changeView, hrefOf } from '../state.ts';

/** How the tree is looked at: as rows or as tiles, open or folded. */

export const PICTURE_LABELS: Readonly<Record<'table' | TreePicture, string>> = {
  table: 'Table',
  treemap: 'Treemap',
  icicle: 'Icicle',
};

export function PictureSwitch({ view }: { readonly view: View }) {
  const current = pictureOf(view) ?? 'table';
  return (
    <nav class="switch" aria-label="View">
      {(['table', ...TREE_PICTURES] as const).map((id) => (
        <a
          key={id}
          href={hrefOf(changeView(view, { view: id === 'table' ? null : id }))}
          aria-current={id === current ? 'true' : undefined}
        >
          {PICTURE_LABELS[id]}
        </a>
      ))}
    </nav>
  );
}

export function FoldButtons({ view }: { readonly view: View }) {
  const fold = (to: string | null) => adjustView(changeView(view, { fold: to }));
  return (
    <span class="fold-buttons">
      <button type="button" class="btn" onClick={() => fold(OPEN_ALL)}>
        Open all
      </button>
      <button type="button" class="btn" onClick={() => fold(CLOSE_ALL)}>
        Close all
      </button>
      {view.params.fold === undefined ? null : (
        <button type="button" class="btn quiet" onClick={() => fold(null)}>
          As at first
        </button>
      )}
    </span>
  );
}
