import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { tempFolder } from '../../../support/temp-folder.ts';
import { runPmi } from './run-pmi.ts';

/** A program with 30 MiB that it has touched. */
async function startSubject(): Promise<string> {
  const child = spawn(
    process.execPath,
    ['-e', 'kept = Buffer.alloc(30 << 20, 1); console.log("ready"); setInterval(() => kept, 1e9)'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  await once(child.stdout, 'data');
  return String(child.pid);
}

describe.runIf(process.platform === 'linux')('pmi analyze', () => {
  test('PID tells the memory with its headings, and what it is made of', async () => {
    const { code, out, err } = await runPmi(['analyze', await startSubject()]);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^PROCESS \d+: node\n=+\n/);
    expect(out).toMatch(/has \S+ MiB in RAM, at most \S+ MiB so far\. .* is its own/);
    expect(out).toMatch(/^MEMORY USAGE\n=+\n- RSS \(Resident Set Size\): \d+\.\d\d MiB\n- VMS /m);
    expect(out).not.toMatch(/REGIONS|CPU BEHAVIOR/);
  });

  test('--all tells every section in the order of the predecessor, ten regions of a class', async () => {
    const { code, out } = await runPmi(['analyze', await startSubject(), '--all', '--seed-units']);
    expect(code).toBe(0);
    const headings = [...out.matchAll(/^([A-Z][A-Z ]+)\n=+$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual([
      ...['MEMORY USAGE', 'MEMORY REGIONS', 'CPU BEHAVIOR', 'MEMORY LAYOUT', 'SYSTEM MEMORY CONTEXT'],
    ]);
    const library = /^LIBRARY REGIONS \((\d+) regions\)[\s\S]*?\n\n/m.exec(out);
    expect(library?.[0].match(/^ {2}[0-9a-f]+-[0-9a-f]+ /gm)?.length).toBe(10);
    expect(library?.[0]).toContain(`... and ${Number(library?.[1]) - 10} more regions\n`);
    expect(out).toMatch(/- Total: \d+\.\d\d GB\n/);
  });

  test('--ascii draws the map within 80 columns', async () => {
    const { out } = await runPmi(['analyze', await startSubject(), '--ascii']);
    const map = out.slice(out.indexOf('MEMORY MAP')).trimEnd().split('\n');
    expect(Math.max(...map.map((line) => line.length))).toBeLessThanOrEqual(80);
    const letters = map.filter((line) => /^ *[0-9a-f]{8,16} \S+$/.test(line)).join('');
    for (const letter of 'EDHSLA') expect(letters).toContain(letter);
  });

  test('--json tells the sections that were asked for, and all regions', async () => {
    const { out } = await runPmi(['analyze', await startSubject(), '--regions', '--layout', '--json']);
    const answer = JSON.parse(out);
    expect(answer.rows.length).toBe(answer.totals.regions);
    expect(answer.layout.virtual_bytes).toBe(answer.totals.size_bytes);
    expect(answer).not.toHaveProperty('memory');
    expect(answer).not.toHaveProperty('cpu');
  });

  test.each([
    [[], 'Invalid PID'],
    [['0'], 'Invalid PID: 0'],
    [['12x'], 'Invalid PID: 12x'],
    [['--all'], 'Invalid PID'],
  ])('%j is refused: a PID is asked for', async (words, told) => {
    const { code, err } = await runPmi(['analyze', ...words]);
    expect(code).toBe(2);
    expect(err).toBe(`pmi: ${told}\nPlease enter a valid process ID: pmi analyze 812.\n`);
  });

  test('a process that is not there is told of, with what helps', async () => {
    const { code, err } = await runPmi(['analyze', String(2 ** 31 - 1)]);
    expect(code).toBe(1);
    expect(err).toMatch(/^pmi: There is no process 2147483647 on this host\nIt has ended, or hidepid/);
  });
});

/** Grows by 64 MiB when it is told to. */
async function startGrowing() {
  const code = `process.stdin.once('data', () => { kept = Buffer.alloc(64 << 20, 1); console.log('grown'); });
    console.log('ready'); setInterval(() => globalThis.kept, 1e9);`;
  const child = spawn(process.execPath, ['-e', code], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  await once(child.stdout, 'data');
  return child;
}

describe.runIf(process.platform === 'linux')('pmi analyze over time', () => {
  test('--record keeps moments beside the dumps on a budget, --compare tells what grew', async () => {
    const dumps = join(tempFolder(), 'time');
    const subject = await startGrowing();
    const pid = String(subject.pid);
    const words = ['analyze', pid, '--record', '--interval', '1ms', '--duration', '1ms', '--dumps', dumps];
    const { code, out, err } = await runPmi(words);
    expect(code).toBe(0);
    expect(out).toMatch(/^1 moment in \d+s, the time is over; reading took \d+\.\d\d s, /);
    // After a reading of 20 ms it would wait for 2 s, whatever the interval is.
    const [, ms, minutes = '0', seconds] = /read in (\d+\.\d) ms, next in (?:(\d+)m )?(\d+)s/.exec(err) ?? [];
    expect(Math.abs(60 * Number(minutes) + Number(seconds) - Number(ms) / 10)).toBeLessThanOrEqual(1);
    subject.stdin.write('go');
    await once(subject.stdout, 'data');
    await runPmi(words);
    const [day, ...otherDays] = readdirSync(join(dumps, '.regions'));
    expect([day, otherDays]).toEqual([expect.stringMatching(/^\d{8}$/), []]);
    expect(readdirSync(join(dumps, '.regions', day))).toEqual([
      expect.stringMatching(new RegExp(`^regions_s[0-9a-z]+-${pid}-\\d+\\.csv$`)),
    ]);
    const first = /\S+Z(?= read in)/.exec(err)?.[0] ?? '';
    const compared = await runPmi(['analyze', pid, '--compare', first, 'latest', '--dumps', dumps]);
    expect([compared.code, compared.err]).toEqual([0, '']);
    expect(compared.out).toMatch(/^RSS \+6\S+ MiB in \d+s: anonymous \+6\S+ MiB, /);
    expect(compared.out).toMatch(/^ +CHANGE +BEFORE +AFTER {2}CLASS\n.* anonymous\n/m);
  });

  test.each([
    [['1', '--compare', 'latest'], '--compare takes two moments'],
    [['1', '--record', '--interval', 'soon'], '--interval: soon is not valid'],
    [['1', '--compare', 'x', 'y'], 'No data for PID 1'],
  ])('%j is refused', async (words, told) => {
    const { code, err } = await runPmi(['analyze', ...words, '--dumps', join(tempFolder(), 'time')]);
    expect(code).not.toBe(0);
    expect(err).toContain(`pmi: ${told}\n`);
  });
});
