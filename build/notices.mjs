import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the licences of bundled packages ask for: that their texts come along. */

const PACKAGE = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/;
const LICENCE = /^licen[cs]e/i;
const RULE = `\n\n${'-'.repeat(80)}\n\n`;

/** @param inputs paths of files that went into bundles @returns folders of the packages that they are of */
export function packagesOf(inputs) {
  const folders = inputs.flatMap((path) => PACKAGE.exec(path)?.[0] ?? []);
  return [...new Set(folders)].sort();
}

function noticeOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const files = readdirSync(folder).filter((file) => LICENCE.test(file));
  if (files.length === 0 && !license) throw new Error(`${folder} has no licence`);
  const texts = files.map((file) => readFileSync(join(folder, file), 'utf8').trim());
  return [`${name} ${version} (${license ?? 'see below'})`, ...texts].join('\n\n');
}

export function formatNotices(folders) {
  return `${[...new Set(folders.map(noticeOf))].join(RULE)}\n`;
}
