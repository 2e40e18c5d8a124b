import { useSignal } from '@preact/signals';
import { displayText } from '../../server/domain/text-notation.ts';
import type {
  AnalyzeCompareAnswer,
  AnalyzeMomentsAnswer,
} from '../../server/interfaces/http/schemas/analyze-over-time.ts';
import { sendChange } from '../api.ts';
import { besideHref, useOutcome } from '../beside.ts';
import { formatBytes } from '../lib/bytes.ts';
import { failureText } from '../lib/failure-text.ts';
import { countOf, formatCount } from '../lib/numbers.ts';
import { formatMoment } from '../lib/time.ts';
import { navigate } from '../navigation.ts';
import { refresh } from '../screen.ts';
import type { View } from '../state.ts';
import { analyzeHref, linkTo } from '../state.ts';
import { ChangeValue } from './change.tsx';
import { Bytes } from './figures.tsx';
import type { PlainColumn } from './plain-table.tsx';
import { PlainTable } from './plain-table.tsx';
import { ClassMark, classLabel } from './region-class.tsx';

/** Two moments of one process beside each other: what grew, by class and by mapped file. */

interface ChangesProps {
  readonly view: View;
  readonly answer: AnalyzeMomentsAnswer;
}

const NOW = 'now';
const MOST_FILES = 50;

type Moment = AnalyzeMomentsAnswer['moments'][number];

interface ChoiceProps {
  readonly view: View;
  readonly name: 'a' | 'b';
  readonly label: string;
  readonly moments: readonly Moment[];
  readonly chosen: string;
  readonly hasNow: boolean;
}

/** A link may name an instant that is not in the list. */
function MomentChoice({ view, name, label, moments, chosen, hasNow }: ChoiceProps) {
  const isListed = chosen === NOW || moments.some(({ ts }) => ts === chosen);
  return (
    <label class="field">
      {label}
      <select
        name={name}
        onChange={(event) => navigate(analyzeHref(view, { [name]: event.currentTarget.value }))}
      >
        {isListed ? null : (
          <option value={chosen} selected>
            {chosen}
          </option>
        )}
        {moments.map(({ ts, rss_bytes }) => (
          <option key={ts} value={ts} selected={ts === chosen}>
            {formatMoment(Date.parse(ts))}, {formatBytes(rss_bytes)}
          </option>
        ))}
        {hasNow ? (
          <option value={NOW} selected={chosen === NOW}>
            Now
          </option>
        ) : null}
      </select>
    </label>
  );
}

/** Where this server may look into processes, a moment can be taken here. */
function RecordNow({ answer: { pid, can_record } }: Pick<ChangesProps, 'answer'>) {
  const said = useSignal('');
  const isBusy = useSignal(false);
  if (!can_record || pid === null) return null;
  const record = async () => {
    isBusy.value = true;
    const outcome = await sendChange('POST', '/api/v1/analyze/moments', { pid });
    isBusy.value = false;
    said.value = outcome.kind === 'answer' ? 'Recorded.' : failureText(outcome);
    refresh();
  };
  return (
    <>
      <button type="button" class="btn" disabled={isBusy.value} onClick={() => void record()}>
        Record a moment now
      </button>
      <span role="status" class="muted">
        {said.value}
      </span>
    </>
  );
}

function NoMoments({ view, answer }: ChangesProps) {
  return (
    <div class="empty">
      <h2>No moments of this process yet</h2>
      <p>
        Two moments of its memory regions can be compared once they are recorded: by{' '}
        <code>pmi analyze {answer.pid ?? 'PID'} --record</code>, for all processes of a{' '}
        <a href={linkTo('watch', view, { ts: null })}>watch group</a> that keeps its memory regions
        {answer.can_record ? ', or here' : ''}.
      </p>
      <p class="actions">
        <RecordNow answer={answer} />
      </p>
    </div>
  );
}

type ClassChange = AnalyzeCompareAnswer['classes'][number];
type FileChange = AnalyzeCompareAnswer['files'][number];

function figureColumns<Row extends ClassChange | FileChange>(): readonly PlainColumn<Row>[] {
  return [
    {
      head: 'Change',
      cell: ({ delta_bytes: bytes }) => (
        <ChangeValue change={{ bytes, isNew: false }} memTotal={null} label="Change of RSS" />
      ),
    },
    { head: 'Before', cell: ({ a_bytes }) => <Bytes value={a_bytes} /> },
    { head: 'After', cell: ({ b_bytes }) => <Bytes value={b_bytes} /> },
  ];
}

const CLASS_COLUMNS: readonly [PlainColumn<ClassChange>, ...PlainColumn<ClassChange>[]] = [
  {
    head: 'Class',
    isText: true,
    cell: (one) => (
      <>
        <ClassMark id={one.class} /> {classLabel(one.class)}
      </>
    ),
  },
  ...figureColumns<ClassChange>(),
];

const FILE_COLUMNS: readonly [PlainColumn<FileChange>, ...PlainColumn<FileChange>[]] = [
  {
    head: 'Mapped file',
    isText: true,
    cell: ({ path, is_deleted }) => (
      <span class="cmd path" title={displayText(path)}>
        {displayText(path)}
        {is_deleted ? ' (deleted)' : ''}
      </span>
    ),
  },
  ...figureColumns<FileChange>(),
];

function Files({ files }: { readonly files: readonly FileChange[] }) {
  const changed = files.filter(({ delta_bytes }) => delta_bytes !== 0);
  if (changed.length === 0)
    return <p class="muted">None of {countOf(files.length, 'file', 'files')} has changed.</p>;
  const more = changed.length - MOST_FILES;
  return (
    <>
      <PlainTable
        label="Changes by mapped file"
        rows={changed.slice(0, MOST_FILES)}
        keyOf={({ path, is_deleted }) => `${is_deleted}${path}`}
        columns={FILE_COLUMNS}
      />
      {more > 0 ? <p class="muted">and {formatCount(more)} more that changed less</p> : null}
    </>
  );
}

function Comparison({ answer: { text, classes, files } }: { readonly answer: AnalyzeCompareAnswer }) {
  return (
    <>
      <p class="analysis-text">{displayText(text)}</p>
      <div class="summary-columns">
        <section class="part">
          <h2>By class</h2>
          <PlainTable
            label="Changes by class"
            rows={classes}
            keyOf={(one) => one.class}
            columns={CLASS_COLUMNS}
          />
        </section>
        <section class="part">
          <h2>By mapped file</h2>
          <Files files={files} />
        </section>
      </div>
    </>
  );
}

/** What is compared unless the URL says: all that was recorded; one moment alone with now. */
function chosenMoments({ view: { params }, answer: { moments } }: ChangesProps) {
  const first = moments[0]?.ts ?? '';
  const last = moments.length > 1 ? moments[moments.length - 1].ts : NOW;
  return { a: params.a ?? first, b: params.b ?? last };
}

function Outcome({ a, b, name }: { readonly a: string; readonly b: string; readonly name: string }) {
  const known = useOutcome<AnalyzeCompareAnswer, null>(
    besideHref('/api/v1/analyze/compare', { key: name, a, b }),
    null,
  );
  if (known === null) return <p class="muted">Comparing…</p>;
  return known.outcome.kind === 'answer' ? (
    <Comparison answer={known.outcome.answer} />
  ) : (
    <p class="note hurt">{failureText(known.outcome)}</p>
  );
}

export function ChangesTab(props: ChangesProps) {
  const { view, answer } = props;
  const { key, moments, moments_total, can_record } = answer;
  if (key === null) return <NoMoments {...props} />;
  const { a, b } = chosenMoments(props);
  return (
    <>
      <div class="fields moments">
        <MomentChoice view={view} moments={moments} name="a" label="From" chosen={a} hasNow={false} />
        <MomentChoice view={view} moments={moments} name="b" label="to" chosen={b} hasNow={can_record} />
        <RecordNow answer={answer} />
        <span class="muted">
          {countOf(moments_total, 'moment', 'moments')} recorded
          {moments_total > moments.length ? `, ${moments.length} of them to choose from` : ''}
        </span>
      </div>
      <Outcome name={key} a={a} b={b} />
    </>
  );
}
