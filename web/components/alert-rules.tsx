import { alertRuleText } from '../../server/domain/alert-text.ts';
import { readAlertRule } from '../../server/domain/read-alert-rule.ts';
import type { AlertsAnswer } from '../../server/interfaces/http/schemas/alerts.ts';
import { unit } from '../lib/reader.ts';
import { AlertChart, formatFigure } from './alert-chart.tsx';
import { Moment } from './figures.tsx';
import type { PlainColumn } from './plain-table.tsx';
import { PlainTable } from './plain-table.tsx';

/** The rules, and what each says at the end of the range. */

type Rule = AlertsAnswer['rules'][number];

const STATES: Readonly<Record<Rule['state'], string>> = {
  inactive: 'quiet',
  pending: 'beyond its limit, not long enough yet',
  firing: 'firing',
  resolved: 'just over',
  unknown: 'not known',
};

function Name({ row: { rule, obstacle } }: { readonly row: Rule }) {
  const text = alertRuleText(readAlertRule(rule), unit.value === 'MB');
  return (
    <>
      <b>{rule.name}</b> <span class="muted">{rule.severity ?? 'warning'}</span>
      <small class="muted">{text}</small>
      {obstacle === null ? null : <small class="hurting">{obstacle}</small>}
    </>
  );
}

function State({ state }: Rule) {
  const isLoud = state === 'firing' || state === 'pending';
  return (
    <span class={isLoud ? 'hurting' : state === 'unknown' ? 'unknown' : undefined}>{STATES[state]}</span>
  );
}

const COLUMNS: readonly [PlainColumn<Rule>, ...PlainColumn<Rule>[]] = [
  { head: 'Rule', cell: (row) => <Name row={row} />, isText: true },
  { head: 'State', cell: (row) => <State {...row} />, isText: true },
  { head: 'Value', cell: ({ value, unit: of }) => formatFigure(value, of) },
  { head: 'Limit', cell: ({ limit, unit: of }) => formatFigure(limit, of), isFurther: true },
  {
    head: 'In the range',
    cell: ({ chart, unit: of }) => <AlertChart chart={chart} unit={of} />,
    isText: true,
    isFurther: true,
  },
];

/** Where rules about processes do not reach back as far as the range does. */
function Reach({ rules }: Pick<AlertsAnswer, 'rules'>) {
  const cut = rules.filter(({ evaluated_from: from }) => from !== null);
  const from = cut[0]?.evaluated_from;
  if (!from) return null;
  return (
    <p class="note">
      Every process of each sample is read for {cut.map(({ rule }) => rule.name).join(', ')}: a week back at
      most, here from <Moment at={from} /> on.
    </p>
  );
}

export function AlertRules({ answer }: { readonly answer: AlertsAnswer }) {
  const { rules, are_usual } = answer;
  return (
    <section class="block alert-rules">
      <h2>Rules</h2>
      {rules.length > 0 ? (
        <PlainTable label="Rules" rows={rules} keyOf={({ rule }) => rule.name} columns={COLUMNS} />
      ) : (
        <p class="nothing muted">The configuration has no rules: its alert_rules are an empty list.</p>
      )}
      <Reach rules={rules} />
      {are_usual ? (
        <p class="note">
          These are there of themselves, because the configuration has no alert_rules of its own.{' '}
          <code>pmi config example</code> prints some, about processes and watch groups too;{' '}
          <code>pmi config check</code> says whether they can be used.
        </p>
      ) : null}
    </section>
  );
}
