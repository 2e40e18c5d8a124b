import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Analysis, AnalysisAsk } from '../../../application/analysis.ts';
import {
  viewAnalysedCpu,
  viewAnalysedLayout,
  viewAnalysedMemory,
  viewAnalysedRegions,
  viewAnalysedSystem,
  viewAnalysisSummary,
  viewWholeAnalysis,
} from '../../../application/view-analysis.ts';
import { MemoryInspectorError } from '../../../domain/errors.ts';
import type { Cell } from '../../csv.ts';
import { flatRows } from '../../csv.ts';
import { signalOfClient } from '../client-signal.ts';
import {
  analyzeAllAnswer,
  analyzeCpuAnswer,
  analyzeLayoutAnswer,
  analyzeMemoryAnswer,
  analyzeRegionsAnswer,
  analyzeSummaryAnswer,
  analyzeSystemAnswer,
  regionRow,
} from '../schemas/analyze.ts';
import type { AnalyzeQuery } from '../schemas/analyze-queries.ts';
import { analyzeQuery, analyzeRegionsQuery } from '../schemas/analyze-queries.ts';
import { sendView } from '../send-view.ts';
import type { Services } from '../services.ts';

/**
 * Processes of this host, looked into as they are now. Commands are redacted as recorded ones are. Paths of mapped
 * files are shown: whoever may read smaps may list these files by themselves, and without them nothing is explained.
 */

const SUMMARY = {
  memory: 'The memory of a process of this host now: RSS, PSS, USS, swap, peaks',
  regions: 'Its address space by region, class and mapped file',
  cpu: 'Its CPU time over a second, by thread, and how it is scheduled',
  layout: 'Its pages: virtual, resident, shared, private, by access and page size',
  system: 'The host around it: meminfo, swap, load, pressure',
  summary: 'What its memory is made of, in sentences',
  all: 'All of these at once',
} as const;

/** @throws `analysis_off` */
export function requireAnalysis({ analysis }: Pick<Services, 'analysis'>): Analysis {
  if (analysis) return analysis;
  throw new MemoryInspectorError('analysis_off', 'Live analysis is off', {
    next: 'It is for those who use this host: open a loopback address, or start the server with --allow-analyze.',
  });
}

function askOf({ query }: FastifyRequest<{ Querystring: AnalyzeQuery }>, reply: FastifyReply): AnalysisAsk {
  return { pid: query.pid ?? process.pid, refresh: query.refresh === '1', signal: signalOfClient(reply) };
}

/** Figures as a table: one line a figure, those in objects as `swap_total_bytes`. Lists have their own. */
function figureRows(figures: object | null) {
  const plain = Object.entries(figures ?? {}).filter(([, value]) => !Array.isArray(value));
  const [row = {}] = flatRows([Object.fromEntries(plain)]);
  return Object.entries(row).map(([name, value]): Record<string, Cell> => ({ name, value }));
}

const FIGURE_COLUMNS = ['name', 'value'];

function sheetOf(view: string, { process, measured_at }: Head, figures: object | null) {
  const name = ['analyze', view, String(process.pid), measured_at];
  return { name, columns: FIGURE_COLUMNS, rows: figureRows(figures) };
}

interface Head {
  readonly process: { readonly pid: number };
  readonly measured_at: string;
}

function memoryRoutes(services: Services): FastifyPluginAsyncZod {
  const { history } = services;
  return async (app) => {
    const memory = {
      summary: SUMMARY.memory,
      querystring: analyzeQuery,
      response: { 200: analyzeMemoryAnswer },
    };
    app.get('/api/v1/analyze/memory', { schema: memory }, async (request, reply) => {
      const view = await viewAnalysedMemory(requireAnalysis(services), askOf(request, reply));
      return sendView(request, reply, history, view, () => sheetOf('memory', view, view.memory));
    });
    const regions = {
      summary: SUMMARY.regions,
      querystring: analyzeRegionsQuery,
      response: { 200: analyzeRegionsAnswer },
    };
    app.get('/api/v1/analyze/regions', { schema: regions }, async (request, reply) => {
      const ask = askOf(request, reply);
      const view = await viewAnalysedRegions(requireAnalysis(services), ask, request.query);
      return sendView(request, reply, history, view, ({ process, measured_at, rows }) => ({
        name: ['analyze', 'regions', String(process.pid), measured_at],
        columns: Object.keys(regionRow.shape),
        rows: flatRows(rows),
      }));
    });
    const layout = {
      summary: SUMMARY.layout,
      querystring: analyzeQuery,
      response: { 200: analyzeLayoutAnswer },
    };
    app.get('/api/v1/analyze/layout', { schema: layout }, async (request, reply) => {
      const view = await viewAnalysedLayout(requireAnalysis(services), askOf(request, reply));
      return sendView(request, reply, history, view, () => sheetOf('layout', view, view.layout));
    });
  };
}

function aroundRoutes(services: Services): FastifyPluginAsyncZod {
  const { history } = services;
  return async (app) => {
    const cpu = { summary: SUMMARY.cpu, querystring: analyzeQuery, response: { 200: analyzeCpuAnswer } };
    app.get('/api/v1/analyze/cpu', { schema: cpu }, async (request, reply) => {
      const view = await viewAnalysedCpu(requireAnalysis(services), askOf(request, reply));
      return sendView(request, reply, history, view, () => sheetOf('cpu', view, view.cpu));
    });
    const system = {
      summary: SUMMARY.system,
      querystring: analyzeQuery,
      response: { 200: analyzeSystemAnswer },
    };
    app.get('/api/v1/analyze/system', { schema: system }, async (request, reply) => {
      const view = await viewAnalysedSystem(requireAnalysis(services), askOf(request, reply));
      return sendView(request, reply, history, view, () => sheetOf('system', view, view.system));
    });
  };
}

function wholeRoutes(services: Services): FastifyPluginAsyncZod {
  const { history } = services;
  return async (app) => {
    const summary = {
      summary: SUMMARY.summary,
      querystring: analyzeQuery,
      response: { 200: analyzeSummaryAnswer },
    };
    for (const path of ['/api/v1/analyze/summary', '/analyze'])
      app.get(path, { schema: summary }, async (request, reply) => {
        const view = await viewAnalysisSummary(requireAnalysis(services), askOf(request, reply));
        return sendView(request, reply, history, view, () => sheetOf('summary', view, view.memory));
      });
    const all = { summary: SUMMARY.all, querystring: analyzeQuery, response: { 200: analyzeAllAnswer } };
    app.get('/api/v1/analyze/all', { schema: all }, async (request, reply) => {
      const view = await viewWholeAnalysis(requireAnalysis(services), askOf(request, reply));
      const { memory, layout, cpu, system } = view;
      return sendView(request, reply, history, view, () =>
        sheetOf('all', view, { memory, layout, cpu, system }),
      );
    });
  };
}

export function analyzeRoutes(services: Services): FastifyPluginAsyncZod {
  return async (app) => {
    await app.register(memoryRoutes(services));
    await app.register(aroundRoutes(services));
    await app.register(wholeRoutes(services));
  };
}
