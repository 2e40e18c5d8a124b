import { useLayoutEffect, useRef } from 'preact/hooks';
import { displayText } from '../../server/domain/text-notation.ts';
import type {
  AnalyzeCpuAnswer,
  AnalyzeRegionsAnswer,
  AnalyzeSummaryAnswer,
  AnalyzeSystemAnswer,
} from '../../server/interfaces/http/schemas/analyze.ts';
import type {
  AnalyzeMomentsAnswer,
  AnalyzeTrendsAnswer,
} from '../../server/interfaces/http/schemas/analyze-over-time.ts';
import type { AnalyzeAnswer } from '../api.ts';
import { fetchAnswer } from '../api.ts';
import { AddressMap } from '../components/address-map.tsx';
import { ContextTab, TrendsTab } from '../components/analysis-context.tsx';
import { CpuTab, SummaryTab } from '../components/analysis-tabs.tsx';
import { ExportMenu } from '../components/export-menu.tsx';
import { Moment } from '../components/figures.tsx';
import { LayoutFacts } from '../components/layout-facts.tsx';
import { PageHead } from '../components/page-head.tsx';
import { ProcessPicker } from '../components/process-picker.tsx';
import { ChangesTab } from '../components/region-changes.tsx';
import { ClassBar } from '../components/region-class.tsx';
import { RegionsTable } from '../components/regions-table.tsx';
import { isWithin, parseRange } from '../lib/address-map.ts';
import { refresh } from '../screen.ts';
import type { AnalyzeTab, View } from '../state.ts';
import { ANALYZE_TABS, analyzeHref, analyzeTabOf, dataHrefOf, linkTo } from '../state.ts';

/** Inside one process of this host, as it is now. */

interface AnalyzeProps<Answer = AnalyzeAnswer> {
  readonly view: View;
  readonly answer: Answer;
}

function RegionsTab({ view, answer }: AnalyzeProps<AnalyzeRegionsAnswer>) {
  const { classes, rows, matched } = answer;
  const chosen = view.params.class;
  return (
    <>
      <ClassBar classes={classes} hrefOf={(id) => analyzeHref(view, { class: id })} />
      {chosen === undefined ? null : (
        <p>
          Only {chosen}. <a href={analyzeHref(view, { class: null })}>Show every class</a>
        </p>
      )}
      <RegionsTable view={view} rows={rows} matched={matched} />
    </>
  );
}

function MapTab({ view, answer }: AnalyzeProps<AnalyzeRegionsAnswer>) {
  const { map, rows } = answer;
  const { at } = view.params;
  const chosen = parseRange(at);
  const within = chosen ? rows.filter((row) => isWithin(row, chosen)) : [];
  return (
    <>
      <p class="muted">
        Low addresses first, gaps and reserved space folded. Width is size, the filled part is in RAM. Choose
        a stretch to list its regions.
      </p>
      <AddressMap map={map} chosen={at} hrefOf={(range) => analyzeHref(view, { at: range })} />
      {chosen ? <RegionsTable view={view} rows={within} matched={within.length} /> : null}
      <LayoutFacts pid={view.params.pid} />
    </>
  );
}

function TabContent({ view, answer }: AnalyzeProps) {
  switch (analyzeTabOf(view)) {
    case 'regions':
      return <RegionsTab view={view} answer={answer as AnalyzeRegionsAnswer} />;
    case 'map':
      return <MapTab view={view} answer={answer as AnalyzeRegionsAnswer} />;
    case 'cpu':
      return <CpuTab answer={answer as AnalyzeCpuAnswer} />;
    case 'trends':
      return <TrendsTab view={view} answer={answer as AnalyzeTrendsAnswer} />;
    case 'changes':
      return <ChangesTab view={view} answer={answer as AnalyzeMomentsAnswer} />;
    case 'system':
      return <ContextTab answer={answer as AnalyzeSystemAnswer} />;
    default:
      return <SummaryTab view={view} answer={answer as AnalyzeSummaryAnswer} />;
  }
}

/** Where there is no room for all of them, the one that is shown is in sight. */
function useCurrentInSight(here: AnalyzeTab) {
  const tabs = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    const current = tabs.current?.querySelector<HTMLElement>('[aria-current]');
    if (tabs.current && current)
      tabs.current.scrollLeft = current.offsetLeft - (tabs.current.clientWidth - current.offsetWidth) / 2;
  }, [here]);
  return tabs;
}

function Tabs({ view }: { readonly view: View }) {
  const here = analyzeTabOf(view);
  const tabs = useCurrentInSight(here);
  return (
    <nav ref={tabs} class="tabs analysis-tabs" aria-label="Parts of the analysis">
      {(Object.keys(ANALYZE_TABS) as AnalyzeTab[]).map((tab) => (
        <a
          key={tab}
          href={analyzeHref(view, { tab, class: null, at: null, a: null, b: null, sort: null })}
          aria-current={tab === here ? 'page' : undefined}
        >
          {ANALYZE_TABS[tab].label}
        </a>
      ))}
      <a href={linkTo('learn', view, { pid: view.params.pid ?? null })}>OS Concepts</a>
    </nav>
  );
}

type Live = AnalyzeSummaryAnswer;

function Missing({ missing }: Pick<Live, 'missing'>) {
  if (missing.length === 0) return null;
  return (
    <ul class="note missing">
      {missing.map(({ what, text }) => (
        <li key={what}>
          <span class="cmd">{what}</span>: {text}
        </li>
      ))}
    </ul>
  );
}

/** How old the figures are, what they cost, and a way to read them anew. */
function Age({ view, answer }: { readonly view: View; readonly answer: Live }) {
  const { measured_at, age_seconds, read_seconds } = answer;
  const readAnew = async () => {
    await fetchAnswer(`${dataHrefOf(view, 'json')}&refresh=1`);
    refresh();
  };
  return (
    <p class="muted age">
      Read at <Moment at={measured_at} />
      {age_seconds >= 1 ? `, ${Math.round(age_seconds)} s before it was asked for` : ''}, in{' '}
      {Math.max(1, Math.round(read_seconds * 1000))} ms.{' '}
      <button type="button" class="btn quiet" onClick={() => void readAnew()}>
        Read again
      </button>
    </p>
  );
}

function Subtitle({ answer }: { readonly answer: AnalyzeAnswer }) {
  if ('moments' in answer) return <>Its memory regions at two moments, and what changed between them</>;
  if (!('process' in answer)) return <>{displayText(answer.cmd)}</>;
  const { process } = answer;
  const user = process.user === null ? '' : ` of ${displayText(process.user)}`;
  return (
    <>
      <span class="cmd">{displayText(process.cmd) || `[${displayText(process.comm)}]`}</span>
      {user}, started <Moment at={process.started} />
    </>
  );
}

export function AnalyzePage({ view, answer }: AnalyzeProps) {
  const { pid, name } =
    'process' in answer
      ? { pid: answer.process.pid, name: displayText(answer.process.comm) }
      : { pid: answer.pid, name: 'process' };
  return (
    <>
      <PageHead title={`Inside ${name} ${pid}`}>
        <Subtitle answer={answer} />
      </PageHead>
      <div class="toolbar">
        <ProcessPicker
          view={view}
          hrefOf={(typed) => analyzeHref(view, { pid: typed || null, at: null, a: null, b: null })}
        />
        <span class="grow" />
        <ExportMenu view={view} answer={answer} />
      </div>
      <Tabs view={view} />
      {'process' in answer ? <Age view={view} answer={answer as Live} /> : null}
      {'missing' in answer ? <Missing missing={answer.missing} /> : null}
      <TabContent view={view} answer={answer} />
    </>
  );
}
