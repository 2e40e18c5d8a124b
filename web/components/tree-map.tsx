import { openLater } from './later.tsx';

function Coming() {
  return (
    <figure class="tree-map">
      <figcaption class="muted">RSS of the processes below</figcaption>
      <div class="plot" data-state="waiting" />
    </figure>
  );
}

/** The rows of the table as tiles; most readers never ask for it. */
export const treeMap = openLater(async () => (await import('./tree-picture.tsx')).TreePicture, Coming);
