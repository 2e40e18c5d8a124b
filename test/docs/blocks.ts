import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Parts of the docs that code knows best stand between `<!-- generated:NAME -->` and `<!-- /generated -->`. A test
 * compares them with what code says; `UPDATE_DOCS=1` writes them anew.
 */

const PROJECT = join(import.meta.dirname, '..', '..');
const BLOCK = /<!-- generated:([\w-]+) -->\n([\s\S]*?)<!-- \/generated -->/g;

export interface Block {
  /** Relative to the project. */
  readonly file: string;
  readonly name: string;
  /** Without the empty lines around it. */
  readonly text: string;
}

export function docFiles(): readonly string[] {
  const docs = readdirSync(join(PROJECT, 'docs')).filter((name) => name.endsWith('.md'));
  const top = readdirSync(PROJECT).filter((name) => name.endsWith('.md'));
  return [...top, ...docs.map((name) => join('docs', name))].sort();
}

export function readDoc(file: string): string {
  return readFileSync(join(PROJECT, file), 'utf8');
}

export function generatedBlocks(): readonly Block[] {
  return docFiles().flatMap((file) =>
    [...readDoc(file).matchAll(BLOCK)].map(([, name, text]) => ({ file, name, text: text.trim() })),
  );
}

/** The block of this name, wherever in the docs it stands. */
export function generatedBlock(name: string): Block {
  const found = generatedBlocks().filter((block) => block.name === name);
  if (found.length !== 1) throw new Error(`the docs have ${found.length} blocks generated:${name}`);
  return found[0];
}

/** Writes every block anew. */
export function writeBlocks(textOf: ReadonlyMap<string, string>): void {
  for (const file of new Set(generatedBlocks().map((block) => block.file))) {
    const before = readDoc(file);
    const after = before.replace(BLOCK, (whole, name: string) => {
      const text = textOf.get(name);
      return text === undefined ? whole : `<!-- generated:${name} -->\n${text}\n<!-- /generated -->`;
    });
    if (after !== before) writeFileSync(join(PROJECT, file), after);
  }
}

/** A Markdown table. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const line = (cells: readonly (string | number)[]) =>
    `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}
