import { useSignal } from '@preact/signals';
import { alertWhyText } from '../../server/domain/alert-text.ts';
import { readAlertRule } from '../../server/domain/read-alert-rule.ts';
import { longNameOf } from '../../server/domain/short-names.ts';
import type { AcknowledgedAnswer, AlertsAnswer } from '../../server/interfaces/http/schemas/alerts.ts';
import { sendChange } from '../api.ts';
import { failureText } from '../lib/failure-text.ts';
import { countOf } from '../lib/numbers.ts';
import { unit } from '../lib/reader.ts';
import { refresh } from '../screen.ts';
import type { View } from '../state.ts';
import { linkTo } from '../state.ts';
import { AlertChart, formatFigure } from './alert-chart.tsx';
import { Bytes, Duration, Moment } from './figures.tsx';

/** One alert: what, why, when, who, and that somebody knows. */

export type Alert = AlertsAnswer['firing'][number];

interface AlertProps {
  readonly view: View;
  readonly answer: AlertsAnswer;
  readonly alert: Alert;
}

function whyText({ answer, alert }: Omit<AlertProps, 'view'>): string {
  const given = answer.rules.find(({ rule }) => rule.name === alert.rule);
  if (!given) return alert.text;
  const seconds = (Date.parse(alert.fired) - Date.parse(alert.since)) / 1000;
  return alertWhyText(readAlertRule(given.rule), { ...alert, seconds }, unit.value === 'MB');
}

function Who({ view, alert: { culprit, fired, kind } }: Omit<AlertProps, 'answer'>) {
  if (!culprit) return <p class="muted">Who held most then is not recorded.</p>;
  const { key, ts, processes, bytes, rss_is_upper_bound } = culprit;
  return (
    <p>
      {kind === 'level' ? 'It was ' : 'Most was held by '}
      <a class="cmd" href={linkTo('pid', view, { pid: culprit.pid, key, ts })}>
        {longNameOf(culprit)}
      </a>
      {processes > 1 ? ` and ${countOf(processes - 1, 'process', 'processes')} below it` : ''}:{' '}
      {rss_is_upper_bound ? 'at most ' : ''}
      <Bytes value={bytes} />
      {ts === fired ? null : (
        <span class="muted">
          {' '}
          at <Moment at={ts} beside={fired} />
        </span>
      )}
    </p>
  );
}

function When({ alert: { since, fired, ended, is_older, peak, unit: of } }: Pick<AlertProps, 'alert'>) {
  return (
    <p class="muted">
      Since {is_older ? 'before ' : ''}
      <Moment at={since} />
      {ended === null ? null : (
        <>
          , over at <Moment at={ended} beside={since} /> after{' '}
          <Duration seconds={(Date.parse(ended) - Date.parse(since)) / 1000} />
        </>
      )}
      ; at worst {formatFigure(peak.value, of)} at <Moment at={peak.ts} beside={fired} />
    </p>
  );
}

function Acknowledge({ answer: { host }, alert }: Omit<AlertProps, 'view'>) {
  const said = useSignal('');
  const isBusy = useSignal(false);
  const { rule, fired, ended, acknowledged } = alert;
  const change = async () => {
    isBusy.value = true;
    const body = { host, rule, fired: Date.parse(fired), acknowledged: acknowledged === null };
    const outcome = await sendChange<AcknowledgedAnswer>('POST', '/api/v1/alerts', body);
    isBusy.value = false;
    said.value = outcome.kind === 'answer' ? '' : failureText(outcome);
    refresh();
  };
  return (
    <>
      {acknowledged === null ? null : (
        <span class="muted">
          Acknowledged at <Moment at={acknowledged} />
        </span>
      )}
      <button
        type="button"
        class={acknowledged === null && ended === null ? 'btn' : 'btn quiet'}
        aria-label={acknowledged === null ? `Acknowledge ${rule}` : `Take back, ${rule}`}
        disabled={isBusy.value}
        onClick={() => void change()}
      >
        {acknowledged === null ? 'Acknowledge' : 'Take back'}
      </button>
      <span class="hurting" role="status">
        {said.value}
      </span>
    </>
  );
}

const BESIDE_MS = 1_800_000;

/** The moment itself, and what was around it. */
function Links({ view, answer, alert: { since, fired, ended, culprit } }: AlertProps) {
  const from = new Date(Date.parse(since) - BESIDE_MS).toISOString();
  const to = new Date(Date.parse(ended ?? answer.range.to) + BESIDE_MS).toISOString();
  return (
    <>
      <a class="btn" href={linkTo('snapshot', view, { ts: culprit?.ts ?? fired })}>
        Snapshot
      </a>
      <a class="btn" href={linkTo('overview', view, { from, to: ended === null ? null : to })}>
        Overview
      </a>
    </>
  );
}

function spanOf({ since, ended }: Alert, { range }: AlertsAnswer) {
  return { from: Date.parse(since), to: Date.parse(ended ?? range.to) };
}

export function AlertItem(props: AlertProps) {
  const { answer, alert } = props;
  const { rule, severity, ended, acknowledged, fired } = alert;
  const isOpen = ended === null && acknowledged === null;
  return (
    <li>
      <article class="alert" data-open={isOpen} aria-label={`${rule}, ${fired}`}>
        <div>
          <h3>
            {rule} <span class={isOpen && severity === 'critical' ? 'hurting' : 'muted'}>{severity}</span>
          </h3>
          <p class="why">{whyText(props)}</p>
          <Who {...props} />
          <When alert={alert} />
          <p class="actions">
            <Links {...props} />
            <Acknowledge answer={answer} alert={alert} />
          </p>
        </div>
        <AlertChart chart={alert.chart} unit={alert.unit} span={spanOf(alert, answer)} />
      </article>
    </li>
  );
}
