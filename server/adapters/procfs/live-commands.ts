import { parseArguments } from '../../../collector/sources/command-text.ts';
import { listPids, openProcFiles, readProcFile } from '../../../collector/sources/proc-files.ts';
import type { LiveCommand } from '../../application/preview-redaction.ts';

/** The commands of the processes of this host that this user may read; kernel threads have none. */
export function readLiveCommands(procRoot = '/proc'): readonly LiveCommand[] {
  const files = openProcFiles(procRoot);
  return listPids(files).flatMap((pid) => {
    const length = readProcFile(files, `${procRoot}/${pid}/cmdline`);
    const argv = length > 0 ? parseArguments(files.bytes, length) : [];
    return argv.length > 0 ? [{ pid, argv }] : [];
  });
}
