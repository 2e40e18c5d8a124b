/** How a tree is drawn beside its table. */
export const TREE_PICTURES = ['treemap', 'icicle'] as const;
export type TreePicture = (typeof TREE_PICTURES)[number];
