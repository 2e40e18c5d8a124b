/** Design tokens as colours that a drawing library understands: `light-dark()` resolved for the theme in force. */

export type Token =
  | 'c1'
  | 'c2'
  | 'c3'
  | 'c4'
  | 'c5'
  | 'c6'
  | 'text'
  | 'muted'
  | 'line'
  | 'surface'
  | 'gap'
  | 'heat'
  | 'sunken'
  | 'hurt';

/** Series in the order in which colours are given out; beyond six the dash pattern differs too. */
const SERIES_TOKENS = ['c1', 'c2', 'c3', 'c4', 'c5', 'c6'] as const satisfies readonly Token[];

/** One layer of many: after six colours the same six come again, paler. */
export function layerInk(index: number): { readonly colour: Token; readonly opacity: number } {
  const turn = Math.floor(index / SERIES_TOKENS.length);
  return { colour: SERIES_TOKENS[index % SERIES_TOKENS.length], opacity: [0.8, 0.5, 0.3][turn] ?? 0.3 };
}

/** What is no single one is grey. */
export const OTHERS_INK = { colour: 'muted', opacity: 0.22 } as const;

export type ReadColour = (token: Token, opacity?: number) => string;

/** @param near an element of the page: tokens are read where it stands */
export function openColours(near: Element): ReadColour {
  const probe = document.createElement('span');
  const known = new Map<string, string>();
  const resolve = (token: Token, opacity: number) => {
    probe.style.color = `color-mix(in srgb, var(--${token}) ${opacity * 100}%, transparent)`;
    near.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    return toRgb(color);
  };
  return (token, opacity = 1) => {
    const name = `${token} ${opacity}`;
    const colour = known.get(name) ?? resolve(token, opacity);
    known.set(name, colour);
    return colour;
  };
}

/** `color(srgb 0.1 0.2 0.3 / 0.4)`, which browsers answer for mixed colours → `rgba(…)`. */
export function toRgb(colour: string): string {
  const match = /^color\(srgb ([\d.e-]+) ([\d.e-]+) ([\d.e-]+)(?: \/ ([\d.e-]+))?\)$/.exec(colour);
  if (!match) return colour;
  const [red, green, blue] = match.slice(1, 4).map((part) => Math.round(Number(part) * 255));
  return `rgba(${red},${green},${blue},${match[4] ?? 1})`;
}
