// What is a process made of? node what-a-process-is-made-of.mjs [PID]
import {
  analyzeMemoryRegions,
  formatMemorySize,
  getDetailedMemoryInfo,
  getProcessMemorySummary,
} from 'pid-memory-inspector/analysis';

const pid = Number(process.argv[2] ?? process.pid);
const { memory, missing } = await getDetailedMemoryInfo(pid);
console.log(await getProcessMemorySummary(pid));
console.log(
  `Its own: ${formatMemorySize(memory.uss_bytes)}, fair share: ${formatMemorySize(memory.pss_bytes)}`,
);

const { classes, files } = await analyzeMemoryRegions(pid);
for (const one of classes) console.log(`${one.class.padEnd(10)} ${formatMemorySize(one.rss_bytes)}`);
for (const file of files.slice(0, 3)) console.log(`${formatMemorySize(file.rss_bytes)} ${file.path}`);
for (const { text } of missing) console.log(text);
