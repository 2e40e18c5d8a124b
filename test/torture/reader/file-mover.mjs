// Grows, cuts, replaces, removes and rewrites the files of one pair until it is ended.
//   node file-mover.mjs FOLDER     FOLDER/a and FOLDER/b hold the pair as it is at two times; FOLDER/dumps is read
import { appendFileSync, copyFileSync, renameSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const [root] = process.argv.slice(2);
const NAMES = ['process_mem_20260301_000000Z.csv', 'sys_mem_20260301_000000Z.csv'];
const dumps = (name) => join(root, 'dumps', name);

function replace(version) {
  for (const name of NAMES) {
    copyFileSync(join(root, version, name), dumps(`.${name}.tmp`));
    renameSync(dumps(`.${name}.tmp`), dumps(name));
  }
}

const moves = [
  () => replace('b'),
  () => appendFileSync(dumps(NAMES[0]), '4000000,1,ann,5,S,1,4,8,,,,,/c,n,/bin/n\n'),
  () => truncateSync(dumps(NAMES[0]), 5000),
  () => replace('a'),
  () => rmSync(dumps(NAMES[0]), { force: true }),
  () => copyFileSync(join(root, 'b', NAMES[0]), dumps(NAMES[0])),
  () => rmSync(dumps(NAMES[1]), { force: true }),
  () => replace('a'),
];

for (let k = 0; ; k++) {
  moves[k % moves.length]();
  await sleep(k % 3);
}
