import type { Analysis, AnalysisAsk } from '../../../application/analysis.ts';
import {
  viewAnalysedCpu,
  viewAnalysedLayout,
  viewAnalysedMemory,
  viewAnalysedRegions,
  viewAnalysedSystem,
  viewAnalysisSummary,
} from '../../../application/view-analysis.ts';
import { MemoryInspectorError } from '../../../domain/errors.ts';
import type { Missing } from '../../../domain/process-analysis.ts';
import type { SizeStyle } from '../../../domain/units.ts';
import { formatMemorySize } from '../../../domain/units.ts';
import type { TextStyle } from '../analysis-text.ts';
import {
  asciiText,
  cpuText,
  layoutText,
  memoryText,
  missingText,
  processText,
  regionsText,
  systemText,
} from '../analysis-text.ts';
import { compareOverTime, joinCompared, OVER_TIME_FLAGS, recordOverTime } from '../analyze-over-time.ts';
import type { CommandHelp, GivenFlags } from '../flags.ts';
import { formatHelp, parseFlags } from '../flags.ts';
import { formatJson } from '../terminal-table.ts';
import type { Command, World } from '../world.ts';

const HELP: CommandHelp = {
  usage:
    'pmi analyze PID [--memory --regions --cpu --layout --system | --all] [--json | --ascii]\n' +
    '       pmi analyze PID --record | --compare A B',
  summary:
    'Looks into one process of this host as it is now. Without a section: memory, and what it is made of.\n' +
    'Nothing is estimated: what cannot be read is not told, with the reason and what helps.',
  flags: [
    { name: 'memory', help: 'RSS, PSS, USS, shared, swap, peaks, text, data, stack.' },
    { name: 'regions', help: 'The regions of its address space by class, ten of each.' },
    { name: 'cpu', help: 'CPU over a second, by thread; affinity, policy, quota.' },
    { name: 'layout', help: 'Pages: virtual, resident, shared, private, by access and page size.' },
    { name: 'system', help: 'The host around it.' },
    { name: 'all', help: 'All sections.' },
    { name: 'ascii', help: 'The address space as a map of letters, 80 columns wide.' },
    { name: 'json', help: 'JSON, all regions included.' },
    { name: 'si', help: 'Sizes in kB, MB, GB of 1000.' },
    { name: 'seed-units', help: "The predecessor's labels: MB for 1024²." },
    ...OVER_TIME_FLAGS,
  ],
  examples: [
    'pmi analyze 812',
    'pmi analyze 812 --regions --ascii',
    'pmi analyze 812 --all --json',
    'pmi analyze 812 --record --interval 5m',
    'pmi analyze 812 --compare 03:00 now',
  ],
};

const SECTIONS = ['memory', 'regions', 'cpu', 'layout', 'system'] as const;
type Section = (typeof SECTIONS)[number];

const ALL_ROWS = { sort: 'address', limit: Number.POSITIVE_INFINITY } as const;

/** @throws `bad_usage` */
function pidOf(word: string | undefined): number {
  const pid = Number(word);
  if (word !== undefined && /^\d{1,10}$/.test(word) && pid > 0 && pid < 2 ** 31) return pid;
  throw new MemoryInspectorError('bad_usage', `Invalid PID${word === undefined ? '' : `: ${word}`}`, {
    field: 'pid',
    next: 'Please enter a valid process ID: pmi analyze 812.',
  });
}

function sectionsOf(flags: GivenFlags): ReadonlySet<Section> {
  return new Set(SECTIONS.filter((name) => flags.has('all') || flags.has(name)));
}

function styleOf(flags: GivenFlags, world: World): TextStyle {
  const labels: SizeStyle = flags.has('seed-units') ? 'seed' : 'binary';
  const style = flags.has('si') ? 'decimal' : labels;
  return { size: (bytes) => formatMemorySize(bytes, style), columns: world.columns };
}

/** What the sections answer, put together; `all` of them is what /api/v1/analyze/all answers, with the rows. */
async function viewSections(analysis: Analysis, ask: AnalysisAsk, sections: ReadonlySet<Section>) {
  const views = {
    memory: () => viewAnalysedMemory(analysis, ask),
    regions: () => viewAnalysedRegions(analysis, ask, ALL_ROWS),
    cpu: () => viewAnalysedCpu(analysis, ask),
    layout: () => viewAnalysedLayout(analysis, ask),
    system: () => viewAnalysedSystem(analysis, ask),
  };
  if (sections.size === 0) return viewAnalysisSummary(analysis, ask);
  const missing = new Map<string, Missing>();
  let whole: object = {};
  for (const name of sections) {
    const view = await views[name]();
    for (const one of view.missing) missing.set(one.text, one);
    whole = { ...whole, ...view, missing: [...missing.values()] };
  }
  return whole;
}

/** Section → its text, in the predecessor's order; reading for the one uses what was read for the other. */
function textsOf(analysis: Analysis, ask: AnalysisAsk, style: TextStyle) {
  return {
    memory: async () => memoryText(await viewAnalysedMemory(analysis, ask), style),
    regions: async () => regionsText(await viewAnalysedRegions(analysis, ask, ALL_ROWS), style),
    ascii: async () => asciiText((await analysis.regions(ask)).figures?.map ?? [], style),
    cpu: async () => cpuText(await viewAnalysedCpu(analysis, ask), style),
    layout: async () => layoutText(await viewAnalysedLayout(analysis, ask), style),
    system: async () => systemText(await viewAnalysedSystem(analysis, ask), style),
  };
}

async function printSections(
  world: World,
  flags: GivenFlags,
  analysis: Analysis,
  ask: AnalysisAsk,
): Promise<void> {
  const sections = sectionsOf(flags);
  const style = styleOf(flags, world);
  const texts = textsOf(analysis, ask, style);
  const summary = await viewAnalysisSummary(analysis, ask);
  world.out(`${processText(summary, style)}\n${summary.text}\n\n`);
  const isShown = (name: Section | 'ascii') => (name === 'ascii' ? flags.has('ascii') : sections.has(name));
  const isQuick = sections.size === 0 && !flags.has('ascii');
  for (const name of ['memory', 'regions', 'ascii', 'cpu', 'layout', 'system'] as const)
    if (isShown(name) || (isQuick && name === 'memory')) world.out(`${await texts[name]()}\n`);
  world.out(missingText(summary.missing));
}

/** Stops reading when the person does. */
function signalOf(world: World): AbortSignal {
  const leaving = new AbortController();
  void world.stopSignal().then(() => leaving.abort());
  return leaving.signal;
}

export const analyzeCommand: Command = async (world, argv) => {
  const hasPid = argv[0]?.startsWith('-') === false;
  const flags = parseFlags(joinCompared(hasPid ? argv.slice(1) : argv), HELP.flags, 'analyze');
  if (flags.has('help')) {
    world.out(formatHelp(HELP));
    return 0;
  }
  const pid = pidOf(hasPid ? argv[0] : undefined);
  const ask = { pid, refresh: false, signal: signalOf(world) };
  if (flags.has('compare')) {
    await compareOverTime(world, flags, ask, styleOf(flags, world).size);
    return 0;
  }
  const analysis = await world.openAnalysis();
  if (flags.has('record')) await recordOverTime(world, flags, analysis, ask);
  else if (flags.has('json')) world.out(formatJson(await viewSections(analysis, ask, sectionsOf(flags))));
  else await printSections(world, flags, analysis, ask);
  return 0;
};
