import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tempFolder } from '../../../support/temp-folder.ts';

/** The unit of `pmi schedule systemd` under a systemd that is PID 1, of a system that is this host's files and its own processes. */

const SCRIPT = join(import.meta.dirname, '../../../support/system-manager.sh');
const PROJECT = join(import.meta.dirname, '../../../..');
function underSystem(script: string): readonly string[] {
  const folder = tempFolder();
  const words = ['-m', '--propagation', 'private', 'sh', SCRIPT, folder, PROJECT, script];
  const { stderr } = spawnSync('unshare', words, { encoding: 'utf8', timeout: 100_000 });
  const said = join(folder, 'said');
  return existsSync(said) ? readFileSync(said, 'utf8').trimEnd().split('\n') : [stderr];
}

/** Root, name spaces, overlayfs, and a systemd that starts. */
function canRun(): boolean {
  return existsSync('/lib/systemd/systemd') && underSystem('ps -p 1 -o comm=').join() === 'systemd';
}

describe('under a system’s systemd', () => {
  test('the recorder runs as a user of its own who may read others’ PSS and write nothing else, and comes back', (context) => {
    context.skip(!canRun(), 'needs root and systemd');
    const said = underSystem(`
      exec 2>&1
      unit=pid-memory-inspector
      state=/var/lib/$unit
      useradd --system --user-group --no-create-home --shell /usr/sbin/nologin $unit
      node /opt/pmi/dist/pmi.js schedule systemd --interval 1s >/etc/systemd/system/$unit.service
      systemd-analyze verify /etc/systemd/system/$unit.service
      mkdir /etc/systemd/system/$unit.service.d
      printf '[Service]\\nWatchdogSec=3\\nRestartSec=1\\n' >/etc/systemd/system/$unit.service.d/fast.conf
      systemctl daemon-reload
      systemctl --quiet enable --now $unit
      main() { systemctl show -p MainPID --value $unit; }
      sleep 6
      systemctl is-active $unit
      systemctl show -p NRestarts $unit
      stat -c '%U:%G %a' $state $(ls -d $state/time/*/ | tail -1)
      ps -o user:30= -p $(main)
      grep -E '^Cap(Prm|Bnd)' /proc/$(main)/status
      nsenter -t $(main) -m sh -c 'touch /etc/mine /home/mine /usr/mine' | cat
      awk -F, '$3 == "root" && $10 > 0 { print "PSS of root is known"; exit }' $state/time/*/process_mem*
      kill -9 $(main); sleep 3
      systemctl show -p NRestarts $unit
      kill -STOP $(main); sleep 7
      systemctl show -p NRestarts -p ActiveState $unit
      systemctl stop $unit
      systemctl show -p ActiveState -p Result $unit
    `);
    const refused = (place: string) => `touch: cannot touch '${place}/mine': Read-only file system`;
    const SYS_PTRACE = (1 << 19).toString(16).padStart(16, '0');
    expect(said).toEqual([
      ...['active', 'NRestarts=0'],
      ...['pid-memory-inspector:pid-memory-inspector 750', 'pid-memory-inspector:pid-memory-inspector 750'],
      'pid-memory-inspector',
      ...[`CapPrm:\t${SYS_PTRACE}`, `CapBnd:\t${SYS_PTRACE}`],
      ...['/etc', '/home', '/usr'].map(refused),
      'PSS of root is known',
      'NRestarts=1',
      ...['NRestarts=2', 'ActiveState=active'],
      ...['Result=success', 'ActiveState=inactive'],
    ]);
  });
});
