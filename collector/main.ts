import { runCollectCommand } from './command.ts';
import { tuneEngine } from './engine.ts';

tuneEngine(process.argv.includes('--once'));
process.exitCode = await runCollectCommand(process.argv.slice(2), 'node dist/collector.js');
