import { describe, expect, test } from 'vitest';
import { CUT_MARK } from '../../../server/domain/command-mode.ts';
import { openDepartures } from '../../../server/domain/departures.ts';
import type { WatchGroup } from '../../../server/domain/watch-group.ts';
import { openWatchMatcher, watchedProcesses } from '../../../server/domain/watch-group.ts';
import type { ProcessLiteral } from '../../support/dump-builder.ts';
import { readingOf } from '../../support/live-world.ts';

const GROUP: WatchGroup = {
  name: 'app',
  members: [
    { name: 'server', rule: { pattern: 'serve' } },
    { name: 'worker', rule: { pattern: 'work' } },
  ],
};
const SERVER: ProcessLiteral = { pid: 10, start: 500, cmd: 'serve --port 1', comm: 'serve' };
const WORKER: ProcessLiteral = { pid: 11, start: 600, rss_mb: 5, cmd: 'work 1', comm: 'work' };
const SMALL: ProcessLiteral = { pid: 12, start: 600, rss_mb: 2, cmd: 'work 2', comm: 'work' };

/** What is told of each member at the last of these readings, a second apart. */
function departuresOf(readings: readonly (readonly ProcessLiteral[])[], groups = readings.map(() => GROUP)) {
  const departures = openDepartures();
  return readings
    .map((processes, at) => {
      const reading = readingOf(at * 1000, { processes });
      const { memberOf } = openWatchMatcher(groups[at])(watchedProcesses(reading.processes));
      const rowsOf = (member: number) => [...memberOf.keys()].filter((row) => memberOf[row] === member);
      return departures(
        groups[at],
        reading,
        GROUP.members.map((_, member) => rowsOf(member)),
      );
    })
    .at(-1);
}

const T0 = readingOf(0, { processes: [] }).system.t;

describe('The last process that left a member', () => {
  test('is none while all that were there are there', () => {
    expect(
      departuresOf([
        [SERVER, WORKER],
        [SERVER, WORKER],
        [WORKER, SERVER],
      ]),
    ).toEqual([null, null]);
  });

  test('ended between the point that saw it last and the next, with the command that it had', () => {
    const [server, worker] = departuresOf([[SERVER, WORKER], [SERVER, WORKER], [SERVER], [SERVER]]) ?? [];
    expect(server).toBeNull();
    expect(worker).toEqual({
      ...{ pid: 11, comm: 'work', cmd: 'work 1', exited: true },
      seen: T0 + 1000,
      gone: T0 + 2000,
    });
  });

  test('is told of also where another life has its pid', () => {
    const again = { ...SERVER, start: 900, cmd: 'serve --port 2' };
    expect(departuresOf([[SERVER], [again]])?.[0]).toMatchObject({
      pid: 10,
      cmd: 'serve --port 1',
      exited: true,
    });
  });

  test('has ended when it is a zombie, whose parent has not asked for its exit code yet', () => {
    const zombie = { ...SERVER, cmd: '', state: 'Z' };
    expect(departuresOf([[SERVER], [zombie], [zombie]])?.[0]).toMatchObject({
      ...{ cmd: 'serve --port 1', exited: true },
      gone: T0 + 1000,
    });
  });

  test('runs on where it only no longer matches', () => {
    const other = { ...SERVER, cmd: 'other', comm: 'other' };
    expect(departuresOf([[SERVER], [other]])?.[0]).toMatchObject({
      pid: 10,
      cmd: 'serve --port 1',
      exited: false,
    });
  });

  test('is the largest of several, of those that ended', () => {
    expect(departuresOf([[WORKER, SMALL], []])?.[1]).toMatchObject({ pid: 11 });
    const renamed = { ...WORKER, cmd: 'other', comm: 'other' };
    expect(departuresOf([[WORKER, SMALL], [renamed]])?.[1]).toMatchObject({ pid: 12, exited: true });
  });

  test('is forgotten when it is back: it could not be read for a moment', () => {
    expect(departuresOf([[SERVER], [], [SERVER]])?.[0]).toBeNull();
  });

  test('is of the group as it is: one that was changed begins anew', () => {
    expect(departuresOf([[SERVER], []], [GROUP, { ...GROUP }])).toEqual([null, null]);
  });

  test('has no more of its command than each point can carry', () => {
    const long = { ...SERVER, cmd: `serve ${'x'.repeat(5000)}` };
    expect(departuresOf([[long], []])?.[0]?.cmd).toBe(`serve ${'x'.repeat(194)}${CUT_MARK}`);
  });
});
