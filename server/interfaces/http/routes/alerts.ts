import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { acknowledgeAlert } from '../../../application/acknowledge-alert.ts';
import { viewAlerts } from '../../../application/view-alerts.ts';
import { alertsTable } from '../../csv.ts';
import { acknowledgeBody, acknowledgedAnswer, alertsAnswer } from '../schemas/alerts.ts';
import { alertsQuery } from '../schemas/queries.ts';
import { sendView } from '../send-view.ts';
import type { Services } from '../services.ts';

/** What alarmed, why, who it was, and that somebody knows. */

const SUMMARY = {
  alerts: 'Rules of alerts, those that fire at the end of a range and those that are over, with who it was',
  acknowledge: 'Notes that somebody knows of an alert, or takes that back',
} as const;

export function alertRoutes({ history, alerts, zone }: Services): FastifyPluginAsyncZod {
  return async (app) => {
    const view = { summary: SUMMARY.alerts, querystring: alertsQuery, response: { 200: alertsAnswer } };
    for (const path of ['/api/v1/alerts', '/alerts'])
      app.get(path, { schema: view }, async (request, reply) => {
        const found = await viewAlerts(alerts, request.query, zone);
        return sendView(request, reply, history, found, ({ host, range, ...told }) => ({
          name: ['alerts', host, range.to],
          ...alertsTable(told),
        }));
      });
    const acknowledge = {
      summary: SUMMARY.acknowledge,
      body: acknowledgeBody,
      response: { 200: acknowledgedAnswer },
    };
    app.post('/api/v1/alerts', { schema: acknowledge }, async (request) =>
      acknowledgeAlert(alerts, request.body, Date.now()),
    );
  };
}
