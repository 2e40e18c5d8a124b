import { runCollectCommand } from './command.ts';

process.exitCode = await runCollectCommand(process.argv.slice(2), 'node dist/collector.js');
