import { demoScenario } from './demo-scenario.ts';
import type { DemoOptions } from './options.ts';
import { HELP, parseOptions, UsageError } from './options.ts';
import { simulateHost } from './simulate-host.ts';
import { writeSample } from './write-sample.ts';

/** As in sysexits.h. */
const EXIT_USAGE = 64;
const EXIT_CANNOT_WRITE = 73;

function writeDemo(options: DemoOptions): string {
  let samples = 0;
  let rows = 0;
  for (const sample of simulateHost(demoScenario(options))) {
    writeSample(options.out, sample, options.format);
    samples++;
    rows += sample.processes?.count ?? 0;
  }
  return `${samples} samples with ${rows} process rows written to ${options.out}`;
}

function run(args: readonly string[]): void {
  try {
    const options = parseOptions(args);
    console.log(options ? writeDemo(options) : HELP.trimEnd());
  } catch (error) {
    const isUsage = error instanceof UsageError;
    if (!isUsage && !isSystemError(error)) throw error;
    console.error(`demo-host: ${error.message}${isUsage ? '\nSee --help.' : ''}`);
    process.exitCode = isUsage ? EXIT_USAGE : EXIT_CANNOT_WRITE;
  }
}

/** The disk is full, the folder is someone else's, and the like. */
function isSystemError(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error;
}

run(process.argv.slice(2));
