import { recordCommand } from '../domain/command-mode.ts';
import { SECRET_PROGRAMS } from '../domain/secret-programs.ts';
import type { SecretRule } from '../domain/secret-rule.ts';
import { SECRET_SHAPES, SECRET_WORDS } from '../domain/secret-rules.ts';

/** A process that runs, as the kernel tells its command. */
export interface LiveCommand {
  readonly pid: number;
  /** Dump notation. */
  readonly argv: readonly string[];
}

export interface RedactedCommand {
  readonly pid: number;
  /** Dump notation, secrets and all. */
  readonly before: string;
  readonly after: string;
}

export interface RedactionPreview {
  readonly rules: readonly SecretRule[];
  /** How many commands were looked at. */
  readonly commands: number;
  /** Those that redaction changes, by pid. */
  readonly redacted: readonly RedactedCommand[];
}

const REDACTED = { mode: 'redacted', longest: null } as const;

function describe({ id, matches, example }: SecretRule): SecretRule {
  return { id, matches, example };
}

/** What the recorder would mask on this host, and by which rules. */
export function previewRedaction(commands: readonly LiveCommand[]): RedactionPreview {
  const redacted = commands
    .map(({ pid, argv }) => ({ pid, before: argv.join(' '), after: recordCommand(argv, REDACTED) }))
    .filter(({ before, after }) => before !== after)
    .sort((a, b) => a.pid - b.pid);
  const rules = [...SECRET_WORDS, ...SECRET_SHAPES, ...SECRET_PROGRAMS].map(describe);
  return { rules, commands: commands.length, redacted };
}
