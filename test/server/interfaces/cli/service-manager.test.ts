import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tempFolder } from '../../../support/temp-folder.ts';

/** `pmi service` with a systemd that is real: of a user without privileges. */

const SCRIPT = join(import.meta.dirname, '../../../support/user-manager.sh');
const PMI = join(import.meta.dirname, '../../../../dist/pmi.js');
const PORT = '8497';

function underManager(script: string): string[] {
  const home = tempFolder();
  chmodSync(home, 0o755);
  const words = [
    '-mpf',
    '--kill-child',
    '--mount-proc',
    '--propagation',
    'private',
    'sh',
    SCRIPT,
    home,
    script,
  ];
  const { stdout, stderr } = spawnSync('unshare', words, { encoding: 'utf8', timeout: 60_000 });
  return [...stdout.trimEnd().split('\n'), ...(stderr === '' ? [] : [stderr])];
}

/** Root, name spaces, systemd, and a build that nobody may read. */
function canRun(): boolean {
  if (!existsSync('/usr/lib/systemd/systemd')) return false;
  return underManager(`test -r ${PMI} && command -v node >/dev/null && echo runs`).join() === 'runs';
}

describe('under a user’s systemd', () => {
  test('recorder and server start, tell who owns what, come back where they are killed, stop and go', (context) => {
    context.skip(!canRun(), 'needs root and systemd');
    const pmi = `node ${PMI}`;
    const said = underManager(`
      cd "$HOME"
      ${pmi} service install --interval 1s --port ${PORT} --dumps dumps >install.log 2>&1; echo install $?
      sleep 4
      ${pmi} service status
      kill -9 $(systemctl --user show -p MainPID --value pid-memory-inspector)
      sleep 13
      ${pmi} service status | head -1
      systemctl --user show -p NRestarts pid-memory-inspector
      cut -d, -f3 $(ls dumps/*/process_mem* | tail -1) | grep -v USER | sort -u
      ${pmi} status --dumps dumps --port ${PORT} | cut -d: -f1 | grep -E '^(recording|server)'
      systemd-analyze --user verify .config/systemd/user/*.service 2>&1
      ${pmi} service remove >remove.log 2>&1; echo remove $?
      systemctl --user list-units --all --plain --no-legend 'pid-memory*'
      ls .config/systemd/user
    `);
    expect(said).toEqual([
      'install 0',
      'pid-memory-inspector.service           active',
      'pid-memory-inspector-server.service    active',
      'pid-memory-inspector.service           active',
      'NRestarts=1',
      // Not "nobody" alone, as in a name space of users.
      ...['nobody', 'root'],
      'recording    alive',
      expect.stringMatching(/^server {7}running/),
      'remove 0',
    ]);
  });

  test('one that hangs is started anew, and one that does not is left alone', (context) => {
    context.skip(!canRun(), 'needs root and systemd');
    const pmi = `node ${PMI}`;
    const units = ['pid-memory-inspector', 'pid-memory-inspector-server'];
    const restarts = units.map((unit) => `systemctl --user show -p NRestarts --value ${unit}`).join('\n');
    const said = underManager(`
      cd "$HOME"
      ${pmi} service install --no-start --interval 1s --port ${PORT} --dumps dumps >install.log 2>&1
      for unit in ${units.join(' ')}; do
        mkdir .config/systemd/user/$unit.service.d
        printf '[Service]\\nWatchdogSec=4\\nRestartSec=1\\n' >.config/systemd/user/$unit.service.d/fast.conf
      done
      systemctl --user daemon-reload
      systemctl --user start ${units.join(' ')}
      sleep 12
      ${restarts}
      for unit in ${units.join(' ')}; do kill -STOP $(systemctl --user show -p MainPID --value $unit); done
      sleep 10
      ${restarts}
      ${units.map((unit) => `systemctl --user show -p Result -p ActiveState ${unit}`).join('\n')}
      ${pmi} status --dumps dumps --port ${PORT} | cut -d: -f1 | grep -E '^(recording|server)'
      grep -h 'could not be told' manager.log
    `);
    expect(said).toEqual([
      ...['0', '0', '1', '1'],
      ...['Result=success', 'ActiveState=active', 'Result=success', 'ActiveState=active'],
      'recording    alive',
      expect.stringMatching(/^server {7}running/),
    ]);
  });
});
