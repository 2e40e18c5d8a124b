import type { TreePicture } from '../../domain/tree-pictures.ts';

/** Where the tiles of a tree lie: inside each other, or beside each other by depth. */

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Tile {
  readonly id: string;
  readonly parent: string;
  readonly ownBytes: number;
  readonly bytes: number;
}

export interface PlacedTile<T extends Tile> {
  readonly tile: T;
  readonly box: Box;
}

/** What a tile keeps free inside, for its name and its edge. */
const NAME_PX = 20;
const EDGE_PX = 3;

/** Children by the id of their parent, the largest first. */
function byParent<T extends Tile>(tiles: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const children = new Map<string, T[]>();
  for (const tile of tiles) children.set(tile.parent, [...(children.get(tile.parent) ?? []), tile]);
  for (const siblings of children.values()) siblings.sort((a, b) => b.bytes - a.bytes);
  return children;
}

function inside({ x, y, width, height }: Box): Box {
  return {
    ...{ x: x + EDGE_PX, y: y + NAME_PX },
    width: Math.max(0, width - 2 * EDGE_PX),
    height: Math.max(0, height - NAME_PX - EDGE_PX),
  };
}

/** How far the worst tile of a strip is from a square. */
function worstRatio(areas: readonly number[], side: number): number {
  const sum = areas.reduce((total, area) => total + area, 0);
  const depth = sum / side;
  return Math.max(...areas.map((area) => Math.max((depth * depth) / area, area / (depth * depth))));
}

/** How many of the next areas make the best strip along a side. */
function stripLength(areas: readonly number[], side: number): number {
  let count = 1;
  while (
    count < areas.length &&
    worstRatio(areas.slice(0, count + 1), side) <= worstRatio(areas.slice(0, count), side)
  )
    count++;
  return count;
}

/**
 * Boxes of these areas within one box, as square as can be; what is left of it stays free.
 * Bruls, Huizing, van Wijk: Squarified Treemaps (2000).
 * @param areas descending, more than 0, together at most that of the box
 */
export function squarify(areas: readonly number[], box: Box): Box[] {
  const boxes: Box[] = [];
  let rest = box;
  for (let at = 0; at < areas.length; ) {
    const { x, y, width, height } = rest;
    const isUpright = width >= height;
    const side = Math.min(width, height);
    const strip = areas.slice(at, at + stripLength(areas.slice(at), side));
    const depth = strip.reduce((total, area) => total + area, 0) / side;
    let along = 0;
    for (const area of strip) {
      const length = area / depth;
      boxes.push(
        isUpright
          ? { x, y: y + along, width: depth, height: length }
          : { x: x + along, y, width: length, height: depth },
      );
      along += length;
    }
    rest = isUpright
      ? { x: x + depth, y, width: Math.max(0, width - depth), height }
      : { x, y: y + depth, width, height: Math.max(0, height - depth) };
    at += strip.length;
  }
  return boxes;
}

/** A tile's own memory is the part of it that its children leave free. */
function placeNested<T extends Tile>(tiles: readonly T[], whole: Box): PlacedTile<T>[] {
  const children = byParent(tiles);
  const placed: PlacedTile<T>[] = [];
  const place = (parent: string, bytes: number, box: Box) => {
    const area = box.width * box.height;
    const siblings = (children.get(parent) ?? []).filter((tile) => tile.bytes > 0);
    if (area < 1 || siblings.length === 0) return;
    const boxes = squarify(
      siblings.map((tile) => (tile.bytes / bytes) * area),
      box,
    );
    for (const [at, tile] of siblings.entries()) {
      placed.push({ tile, box: boxes[at] });
      place(tile.id, tile.bytes, inside(boxes[at]));
    }
  };
  const total = (children.get('') ?? []).reduce((sum, { bytes }) => sum + bytes, 0);
  place('', total, whole);
  return placed;
}

/** Columns by depth, each tile as high as what it holds, its children from its upper edge on. */
function placeBeside<T extends Tile>(tiles: readonly T[], whole: Box): PlacedTile<T>[] {
  const children = byParent(tiles);
  const placed: (PlacedTile<T> & { readonly depth: number })[] = [];
  const total = (children.get('') ?? []).reduce((sum, { bytes }) => sum + bytes, 0);
  const place = (parent: string, depth: number, from: number) => {
    let y = from;
    for (const tile of children.get(parent) ?? []) {
      const height = (tile.bytes / total) * whole.height;
      placed.push({ tile, depth, box: { x: 0, y, width: 0, height } });
      place(tile.id, depth + 1, y);
      y += height;
    }
  };
  place('', 0, whole.y);
  const width = whole.width / Math.max(1, ...placed.map(({ depth }) => depth + 1));
  return placed.map(({ tile, depth, box }) => ({ tile, box: { ...box, x: whole.x + depth * width, width } }));
}

/** Parents before their children. */
export function placeTiles<T extends Tile>(
  kind: TreePicture,
  tiles: readonly T[],
  whole: Box,
): PlacedTile<T>[] {
  return kind === 'treemap' ? placeNested(tiles, whole) : placeBeside(tiles, whole);
}
