import { formatPosition, MemoryInspectorError } from '../../domain/errors.ts';
import { displayText } from '../../domain/text-notation.ts';
import { alertsCommand } from './commands/alerts.ts';
import { analyzeCommand } from './commands/analyze.ts';
import { collectCommand } from './commands/collect.ts';
import { configCommand } from './commands/config.ts';
import { demoCommand } from './commands/demo.ts';
import { describeCommand } from './commands/describe.ts';
import { exportCommand } from './commands/export.ts';
import { gcCommand } from './commands/gc.ts';
import { groupsCommand } from './commands/groups.ts';
import { indexCommand } from './commands/index.ts';
import { openCommand } from './commands/open.ts';
import { pruneCommand } from './commands/prune.ts';
import { redactCommand } from './commands/redact.ts';
import { reportCommand } from './commands/report.ts';
import { scheduleCommand } from './commands/schedule.ts';
import { serveCommand } from './commands/serve.ts';
import { serviceCommand } from './commands/service.ts';
import { sessionCommand } from './commands/session.ts';
import { snapshotCommand } from './commands/snapshot.ts';
import { statsCommand } from './commands/stats.ts';
import { statusCommand } from './commands/status.ts';
import { topCommand } from './commands/top.ts';
import { treeCommand } from './commands/tree.ts';
import { upCommand } from './commands/up.ts';
import { verifyCommand } from './commands/verify.ts';
import { watchCommand } from './commands/watch.ts';
import { whoCommand } from './commands/who.ts';
import { EXIT_CODE, USAGE_BESIDE_VERDICT } from './exit-codes.ts';
import { formerFlagText } from './former-flags.ts';
import type { Command, World } from './world.ts';

interface Entry {
  readonly name: string;
  readonly help: string;
  readonly run: Command;
  /** It says 2 where it judges, and something else where it is asked wrongly. */
  readonly isJudge?: boolean;
}

/** `pmi …`: what process is eating all the RAM. */
const COMMANDS: readonly Entry[] = [
  { name: 'up', help: 'Record this host and serve the web app.', run: upCommand },
  { name: 'collect', help: 'Record this host into CSV dumps.', run: collectCommand },
  { name: 'serve', help: 'Serve the web app over a folder of dumps.', run: serveCommand },
  { name: 'top', help: 'The processes of this host now, the heaviest subtree first.', run: topCommand },
  {
    name: 'watch',
    help: 'Watch some processes for a while: range, average, growth, limits.',
    run: watchCommand,
    isJudge: true,
  },
  { name: 'open', help: 'Open a page; a server is started where none answers.', run: openCommand },
  { name: 'demo', help: 'Serve a generated three-day recording.', run: demoCommand },
  { name: 'who', help: 'Who holds the memory at one instant, and what grew.', run: whoCommand },
  {
    name: 'alerts',
    help: 'What alarmed in recorded time, why, and who held most.',
    run: alertsCommand,
    isJudge: true,
  },
  { name: 'stats', help: 'The newest sample in short, and the recorder.', run: statsCommand },
  { name: 'snapshot', help: 'The processes at one instant, as a table.', run: snapshotCommand },
  { name: 'tree', help: 'A process and its descendants at one instant.', run: treeCommand },
  {
    name: 'groups',
    help: 'The processes at one instant by program, command, user or cgroup.',
    run: groupsCommand,
  },
  { name: 'analyze', help: 'One process of this host, looked into as it is now.', run: analyzeCommand },
  {
    name: 'status',
    help: 'Whether this host is being recorded, at what cost, for how long.',
    run: statusCommand,
  },
  { name: 'gc', help: 'Collect the garbage of the server itself, and tell what that frees.', run: gcCommand },
  {
    name: 'schedule',
    help: 'A crontab line or a systemd unit that records this host.',
    run: scheduleCommand,
  },
  { name: 'service', help: 'Record and serve for good, as services of this user.', run: serviceCommand },
  {
    name: 'session',
    help: 'Record at a finer interval for a while, and compare two such recordings.',
    run: sessionCommand,
  },
  { name: 'export', help: 'Recorded rows as CSV, NDJSON or Parquet.', run: exportCommand },
  { name: 'report', help: 'One moment as an HTML document that opens anywhere.', run: reportCommand },
  { name: 'index', help: 'Read dumps ahead, so that serving them starts at once.', run: indexCommand },
  { name: 'verify', help: 'Check dumps and index: what is damaged, what is lost.', run: verifyCommand },
  {
    name: 'config',
    help: 'Check the configuration: which processes each watch group has now.',
    run: configCommand,
  },
  { name: 'prune', help: 'Remove old dumps; says first what would go.', run: pruneCommand },
  { name: 'redact', help: 'What is masked in command lines, shown on this host.', run: redactCommand },
  { name: 'describe', help: "A snapshot's statistics as a DataFrame.", run: describeCommand },
];

function usage(): string {
  const lines = COMMANDS.map(({ name, help }) => `  ${name.padEnd(10)} ${help}`);
  return [
    'Usage: pmi COMMAND [options]',
    '',
    'What process is eating all the RAM — now, or at 03:12 last night?',
    '',
    'Commands:',
    ...lines,
    '',
    'pmi COMMAND --help tells more; pmi --version tells the version.',
    '',
  ].join('\n');
}

function report(world: World, error: unknown, isJudge = false): number {
  if (!(error instanceof MemoryInspectorError)) {
    world.err(`pmi: bug: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return EXIT_CODE.internal;
  }
  const where = error.position ? `${formatPosition(error.position)}: ` : '';
  const lines = [`pmi: ${where}${error.message}`, ...(error.next ? [error.next] : [])];
  world.err(lines.map((line) => `${displayText(line)}\n`).join(''));
  const exit = EXIT_CODE[error.code];
  return isJudge && exit === EXIT_CODE.bad_usage ? USAGE_BESIDE_VERDICT : exit;
}

/** Runs one command line. @returns the exit code; it never throws */
export async function runCommandLine(world: World, argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  if (name === '--version') {
    world.out(`${world.version}\n`);
    return 0;
  }
  if (name === undefined || name === '--help' || name === 'help') {
    world.out(usage());
    return 0;
  }
  const command = COMMANDS.find((entry) => entry.name === name);
  if (!command) {
    const unknown = `there is no command ${displayText(name)}\n\n${usage()}`;
    world.err(`pmi: ${formerFlagText(name) ?? unknown.trimEnd()}\n`);
    return EXIT_CODE.bad_usage;
  }
  try {
    return await command.run(world, rest);
  } catch (error) {
    return report(world, error, command.isJudge);
  }
}
