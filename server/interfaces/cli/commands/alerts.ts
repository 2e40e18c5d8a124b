import type { AlertsView, AlertView } from '../../../application/view-alerts.ts';
import { viewAlerts } from '../../../application/view-alerts.ts';
import { formatMoment, formatMomentBeside } from '../../../domain/moment.ts';
import { displayText } from '../../../domain/text-notation.ts';
import { alertsTable, encodeCsv } from '../../csv.ts';
import type { CommandHelp } from '../flags.ts';
import { formatHelp, parseFlags } from '../flags.ts';
import { printSheet, withFolder } from '../print-rows.ts';
import { CONFIG_FLAG, READ_FLAGS, sourceOf } from '../serve-options.ts';
import { cutLine } from '../terminal-table.ts';
import type { Command } from '../world.ts';

const HELP: CommandHelp = {
  usage: 'pmi alerts [--from T] [--to T] [--json | --csv]',
  summary:
    'What alarmed in a stretch of recorded time, why, and who held most: computed from the samples, whether or not a\n' +
    'server ran. Rules stand in the configuration (alert_rules); without any, a few are there of themselves. Exit\n' +
    'code 0: nothing fires at the end of the stretch; 2: something does; 64: wrong usage.',
  flags: [
    ...READ_FLAGS,
    CONFIG_FLAG,
    {
      name: 'from',
      value: 'T',
      help: 'Begin: YYYYMMDD_HHMMSS, ISO 8601, 03:12, -3m (before the newest). (default a day before the end)',
    },
    { name: 'to', value: 'T', help: 'End, written alike.', default: 'latest' },
    { name: 'host', value: 'NAME', help: 'Host, where the folder holds several; default the newest.' },
    { name: 'json', help: 'JSON, as /api/v1/alerts tells it.' },
    { name: 'csv', help: 'CSV, an alert a line; formulas are guarded.' },
  ],
  examples: [
    'pmi alerts',
    'pmi alerts --from 02:00 --to 05:00',
    'pmi alerts --json | jq ".firing[].culprit.pid"',
  ],
};

const FIRES = 2;

function alertLines(alert: AlertView, zone: string): readonly string[] {
  const fired = Date.parse(alert.fired);
  const ended = alert.ended === null ? '' : ` – ${formatMomentBeside(Date.parse(alert.ended), fired, zone)}`;
  const known = alert.acknowledged === null ? '' : ', acknowledged';
  const head = alert.ended === null ? 'FIRING' : 'over  ';
  return [
    `${head}  ${formatMoment(fired, zone)}${ended}  ${alert.rule} (${alert.severity}${known})`,
    `        ${alert.text}`,
  ];
}

function countText({ firing, resolved_total: over, range, host }: AlertsView, zone: string): string {
  const [from, to] = [range.from, range.to].map((at) => formatMoment(Date.parse(at), zone));
  return `${host}, ${from} – ${to}: ${firing.length || 'nothing'} ${firing.length > 1 ? 'fire' : 'fires'} at the end, ${over || 'none'} over.`;
}

function formatAlerts(view: AlertsView, zone: string, columns: number | null): string {
  const { firing, resolved, rules } = view;
  const lines = [
    ...[...firing, ...resolved].flatMap((alert) => alertLines(alert, zone)),
    countText(view, zone),
    ...rules.flatMap(({ rule, obstacle }) => (obstacle === null ? [] : [`${rule.name}: ${obstacle}`])),
  ];
  return lines.map((line) => `${cutLine(displayText(line), columns)}\n`).join('');
}

export const alertsCommand: Command = async (world, argv) => {
  const flags = parseFlags(argv, HELP.flags, 'alerts');
  if (flags.has('help')) {
    world.out(formatHelp(HELP));
    return 0;
  }
  const source = sourceOf(flags, world);
  return withFolder(world, flags, async ({ history }, zone) => {
    const alerts = await world.openAlerts(history, source, flags.text('config'));
    const request = { from: flags.text('from'), to: flags.text('to'), host: flags.text('host') };
    const view = await viewAlerts(alerts, request, zone);
    const { columns, rows } = alertsTable(view);
    printSheet(world, flags, view, {
      csv: () => encodeCsv(columns, rows),
      table: () => formatAlerts(view, zone, world.columns),
    });
    return view.firing.length > 0 ? FIRES : 0;
  });
};
