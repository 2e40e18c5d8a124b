import type { ImageFormat } from './chart-spec.ts';
import { openColours, toRgb } from './colours.ts';
import { imageOfSvg } from './svg-image.ts';

/** A part of the page that is drawn with boxes, as a picture: its coloured boxes and its words, where they stand. */

const SVG = 'http://www.w3.org/2000/svg';
const EDGE = 16;
const TRANSPARENT = 'rgba(0, 0, 0, 0)';

type Attributes = Readonly<Record<string, string | number>>;

function shapeOf(name: string, attributes: Attributes, text = ''): SVGElement {
  const shape = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) shape.setAttribute(key, String(value));
  shape.textContent = text;
  return shape;
}

interface Place {
  readonly left: number;
  readonly top: number;
}

function boxOf(element: Element, { left, top }: Place): SVGElement | null {
  const { backgroundColor } = getComputedStyle(element);
  const { x, y, width, height } = element.getBoundingClientRect();
  if (backgroundColor === TRANSPARENT || width === 0 || height === 0) return null;
  return shapeOf('rect', { x: x - left, y: y - top, width, height, fill: toRgb(backgroundColor) });
}

interface Word {
  readonly text: string;
  readonly box: DOMRect;
}

function wordsOf(node: Text): Word[] {
  const range = document.createRange();
  return [...node.data.matchAll(/\S+/g)].map(({ 0: text, index }) => {
    range.setStart(node, index);
    range.setEnd(node, index + text.length);
    return { text, box: range.getBoundingClientRect() };
  });
}

/** A line of words is one text: words that wrap begin another. */
function linesOf(node: Text): Word[] {
  const lines: Word[] = [];
  for (const { text, box } of wordsOf(node)) {
    const last = lines.at(-1);
    if (last && last.box.top === box.top) lines[lines.length - 1] = { ...last, text: `${last.text} ${text}` };
    else lines.push({ text, box });
  }
  return lines.filter(({ box }) => box.width > 0);
}

function textsOf(node: Text, { left, top }: Place): SVGElement[] {
  const parent = node.parentElement;
  if (!parent) return [];
  const { color, fontFamily, fontSize, fontWeight } = getComputedStyle(parent);
  const font = {
    ...{ fill: toRgb(color), 'font-family': fontFamily, 'font-size': fontSize, 'font-weight': fontWeight },
    'dominant-baseline': 'central',
  };
  return linesOf(node).map(({ text, box }) =>
    shapeOf('text', { x: box.x - left, y: box.y + box.height / 2 - top, ...font }, text),
  );
}

/** What only screen readers are told has no place. */
function walk(root: Element): Node[] {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, (node) =>
    node instanceof Element && node.classList.contains('sr-only')
      ? NodeFilter.FILTER_REJECT
      : NodeFilter.FILTER_ACCEPT,
  );
  const found: Node[] = [];
  while (walker.nextNode()) found.push(walker.currentNode);
  return found;
}

function shapesOf(node: Node, place: Place): readonly (SVGElement | null)[] {
  if (node instanceof Element) return [boxOf(node, place)];
  return node instanceof Text ? textsOf(node, place) : [];
}

/** @returns a `data:` URL */
export function takePagePicture(root: Element, title: string, format: ImageFormat): Promise<string> {
  const { left, top, width, height } = root.getBoundingClientRect();
  const size = { width: Math.ceil(width) + 2 * EDGE, height: Math.ceil(height) + 2 * EDGE };
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('width', String(size.width));
  svg.setAttribute('height', String(size.height));
  svg.append(shapeOf('title', {}, title), shapeOf('rect', { ...size, fill: openColours(root)('surface') }));
  const place = { left: left - EDGE, top: top - EDGE };
  for (const shape of walk(root).flatMap((node) => shapesOf(node, place))) if (shape) svg.append(shape);
  return imageOfSvg(svg, format);
}
