// Who may import whom: an allow-list. Whatever no line below allows is refused, type-only imports included.

const domain = '^server/domain/';
const application = '^server/application/';
const http = '^server/interfaces/http/';
const cli = '^server/interfaces/cli/';
/** CSV as both faces write it. */
const csv = '^server/interfaces/csv\\.ts$';
/** A document that both faces write. */
const report = '^server/interfaces/report/';
const adapters = '^server/adapters/([^/]+)/';
/** The contract with the browser. It may be split into a folder of that name; both are the same room. */
const schemas = '^server/interfaces/http/schemas(\\.ts$|/)';
const web = '^web/';
const plotly = '^web/lib/plotly\\.ts$';
const collector = '^collector/';
/** The composition roots: of the program, and of what other programs import. */
const main = '^server/(main|serving|recording|sessions|upkeep|configuration|analysis)\\.ts$';
/** The composition root of the threads that seal. */
const sealWorker = '^server/seal-worker\\.ts$';

/** Each runtime package has its rooms. A package that is not listed may be imported nowhere. */
const packageRooms = {
  '@duckdb/node-api': ['^server/adapters/history/'],
  '@duckdb/node-bindings': ['^server/adapters/history/seal/'],
  '@fastify/[^/]+': [http],
  '@preact/signals': [web],
  '@resvg/resvg-wasm': ['^server/adapters/raster/'],
  'csv-parse': ['^server/adapters/dumps/'],
  'csv-stringify': [csv, collector],
  'danfojs-node': ['^server/adapters/danfo/'],
  fastify: [http],
  'fastify-type-provider-zod': [http],
  preact: [web],
  zod: [http, cli],
};

const nodeBuiltins = { dependencyTypes: ['core'] };

function npm(name) {
  return `(^|node_modules/)${name}(/|$)`;
}

function room(from, ...paths) {
  return { from, to: { path: paths } };
}

const allowed = [
  room({ path: domain }, domain),

  room({ path: collector }, collector, domain),
  { from: { path: collector }, to: nodeBuiltins },

  room({ path: application }, application, domain),

  room({ path: adapters }, '^server/adapters/$1/', application, domain),
  room({ path: '^server/adapters/procfs/' }, '^collector/(sources/|take-sample\\.ts$|process-cache\\.ts$)'),
  { from: { path: adapters }, to: nodeBuiltins },

  room({ path: report }, report, application, domain),
  { from: { path: report }, to: { path: '^crypto$', dependencyTypes: ['core'] } },

  room({ path: http, pathNot: schemas }, http, csv, report, application, domain),
  { from: { path: http, pathNot: schemas }, to: nodeBuiltins },
  room({ path: schemas }, schemas, domain),

  room({ path: cli }, cli, csv, report, application, domain),
  { from: { path: cli }, to: nodeBuiltins },

  room(
    { path: main },
    '^server/',
    '^collector/(recorder|command|options|prune|schedule|install-unit|session-folder|status|watchdog)\\.ts$',
  ),
  { from: { path: main }, to: nodeBuiltins },

  room({ path: sealWorker }, '^server/adapters/(dumps|history/seal|sealing)/'),
  { from: { path: sealWorker }, to: nodeBuiltins },

  room({ path: web }, web, domain),
  { from: { path: web }, to: { path: schemas, dependencyTypes: ['type-only'] } },
  { from: { path: plotly }, to: { path: npm('plotly\\.js-dist'), dependencyTypes: ['type-only'] } },

  ...Object.entries(packageRooms).map(([name, rooms]) =>
    room({ path: rooms, pathNot: name === 'zod' ? [] : schemas }, npm(name)),
  ),
];

export default {
  allowed,
  allowedSeverity: 'error',
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one file, or hide a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types', 'default'],
    },
  },
};
