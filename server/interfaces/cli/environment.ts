import { parseEnv } from 'node:util';
import type { DumpNaming } from '../../domain/dump-names.ts';
import { DUMP_NAMING, isDumpPattern } from '../../domain/dump-names.ts';
import { MemoryInspectorError } from '../../domain/errors.ts';

/** What the environment may say of the dumps, also in a file `.env` in the working folder: the predecessor's names. */
const DOT_ENV_NAMES = ['DUMPS_DIR', 'SYS_GLOB', 'PROC_GLOB'] as const;

type Environment = Readonly<Record<string, string | undefined>>;

/** What is set wins over what the file says. Of the file only the names above count: it may be anyone's. */
export function withDotEnv(env: Environment, dotEnv: string | null): Environment {
  const said: Environment = dotEnv === null ? {} : parseEnv(dotEnv);
  return { ...Object.fromEntries(DOT_ENV_NAMES.map((name) => [name, said[name]])), ...env };
}

function refusePattern(name: string, text: string, what: string): MemoryInspectorError {
  return new MemoryInspectorError('bad_usage', `${name}: ${JSON.stringify(text)} ${what}`, {
    field: name,
    next: `Write it as ${DUMP_NAMING.system}, with one * where the stamp YYYYMMDD_HHMMSS stands; the folder is --dumps.`,
  });
}

/** @throws `bad_usage` */
export function namingOf({ SYS_GLOB, PROC_GLOB }: Environment): DumpNaming {
  for (const [name, text] of Object.entries({ SYS_GLOB, PROC_GLOB }))
    if (text && !isDumpPattern(text)) throw refusePattern(name, text, 'is not a pattern of dump names');
  const naming = { process: PROC_GLOB || DUMP_NAMING.process, system: SYS_GLOB || DUMP_NAMING.system };
  if (naming.process === naming.system)
    throw refusePattern('SYS_GLOB', naming.system, 'is the pattern of the process files, too');
  return naming;
}
