import type { RedactionPreview } from '../../../application/preview-redaction.ts';
import { previewRedaction } from '../../../application/preview-redaction.ts';
import { MemoryInspectorError } from '../../../domain/errors.ts';
import { redactLine } from '../../../domain/redact.ts';
import { displayText, escapeText } from '../../../domain/text-notation.ts';
import type { CommandHelp, GivenFlags } from '../flags.ts';
import { formatHelp, parseFlags } from '../flags.ts';
import type { Command, World } from '../world.ts';

const HELP: CommandHelp = {
  usage: 'pmi redact --preview [--json] | --stdin [--json]',
  summary:
    'What the recorder masks in command lines: its words, shapes and programs, and the commands of this host\n' +
    'that it changes, before and after. The text before is shown to you only; no dump holds it.',
  flags: [
    { name: 'preview', help: 'The rules, and the commands of this host that they change.' },
    { name: 'stdin', help: 'Redact lines of the standard input instead, each one a command.' },
    { name: 'json', help: 'JSON.' },
  ],
  examples: ['pmi redact --preview', 'ps -eo args= | pmi redact --stdin', 'pmi redact --preview --json'],
};

function ruleLines({ rules }: RedactionPreview): string {
  const width = Math.max(...rules.map(({ id }) => id.length));
  return rules.map(({ id, matches, example }) => `  ${id.padEnd(width)}  ${matches}: ${example}\n`).join('');
}

function previewText(preview: RedactionPreview): string {
  const { redacted, commands } = preview;
  const changes = redacted.map(
    ({ pid, before, after }) => `  pid ${pid}\n    - ${displayText(before)}\n    + ${displayText(after)}\n`,
  );
  const count = `${redacted.length} of ${commands} commands of this host are changed${redacted.length > 0 ? ':' : '.'}`;
  return `Masked are\n${ruleLines(preview)}\n${count}\n${changes.join('')}`;
}

async function preview(world: World, flags: GivenFlags): Promise<number> {
  const shown = previewRedaction(await world.liveCommands());
  world.out(flags.has('json') ? `${JSON.stringify(shown, null, 2)}\n` : previewText(shown));
  return 0;
}

async function redactLines(world: World, flags: GivenFlags): Promise<number> {
  for await (const line of world.inputLines()) {
    const before = escapeText(line);
    const after = redactLine(before);
    world.out(flags.has('json') ? `${JSON.stringify({ before, after })}\n` : `${displayText(after)}\n`);
  }
  return 0;
}

export const redactCommand: Command = async (world, argv) => {
  const flags = parseFlags(argv, HELP.flags, 'redact');
  if (flags.has('help')) {
    world.out(formatHelp(HELP));
    return 0;
  }
  if (flags.has('stdin')) return redactLines(world, flags);
  if (flags.has('preview')) return preview(world, flags);
  throw new MemoryInspectorError('bad_usage', 'Say --preview or --stdin', {
    field: 'preview',
    next: 'See pmi redact --help.',
  });
};
