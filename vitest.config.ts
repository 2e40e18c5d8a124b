import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
/** What keeps nothing from one file to the next shares a process: starting one costs more than most of these tests. */
const sharedTests = [
  ...['test/server/domain/**/*.test.ts', 'test/web/*.test.ts', 'test/oracle/*.test.ts'],
  ...['test/server/application/*.test.ts', 'test/server/interfaces/http/*.test.ts'],
  // heap.test.ts counts the collections of its own process.
  ...['test/server/adapters/history/**/!(heap).test.ts', 'test/server/interfaces/report/*.test.ts'],
  'test/server/adapters/dumps/{bounds,decode-process,directory-state,fixtures}.test.ts',
  'test/server/adapters/dumps/{line-blocks,run-cache,stamp-instants}.test.ts',
  ...['test/server/interfaces/csv.test.ts', 'test/server/adapters/sealing/choose-index.test.ts'],
  'test/server/interfaces/cli/{environment,recorder-commands,text-width}.test.ts',
  'test/server/adapters/{config,raster,regions,sessions}/*.test.ts',
  'test/server/adapters/procfs/{host-features,process-context,system-reading}.test.ts',
  ...['test/docs/*.test.ts', 'test/demo-host/*.test.ts', 'test/packages.test.ts'],
  'test/collector/sources/{command-text,parse-keyed-lines,parse-stat,rollup-budget,user-names}.test.ts',
  'test/collector/{encode-dump,options,pace,planted-paths,pressure,schedule}.test.ts',
  'test/collector/{session-folder,status,ticks}.test.ts',
];
/** Campaigns: every state, every width, each hostile name, hours in minutes. `make test-long` runs them too. */
const campaigns = [
  'test/web/{access,states,export,report,plot,system,sessions,watch,analyze,shell,investigation,later}.browser.test.ts',
  'test/web/{live-access,live-page,live-server,live-history,live-long,live-hidden,resolution,alerts}.browser.test.ts',
  'test/web/{snapshot-long,snapshot-hostile}.browser.test.ts',
  'test/collector/{faults,killed,torture}.test.ts',
  'test/server/interfaces/cli/{session,index-commands,watch,watch-regions,who-watch,open,report,service-manager,system-manager}.test.ts',
  'test/server/application/{damaged-dumps,sealed-against-oracle}.test.ts',
  'test/server/adapters/history/seal/killed.test.ts',
];
const leftOut = process.env.LONG === '1' ? [] : campaigns;
const browserTests = ['test/**/*.browser.test.ts', 'test/browser/**/*.test.ts'];

export default defineConfig({
  define: { __VERSION__: JSON.stringify(version) },
  test: {
    pool: 'forks',
    // One more than there are CPUs in CI: many tests wait for processes and clocks.
    maxWorkers: 3,
    fileParallelism: true,
    reporters: ['default'],
    // Many tests watch real processes against real clocks: a failure counts when it repeats.
    retry: 2,
    // What a process does soon is waited for; a busy machine is no failure.
    expect: { poll: { timeout: 10_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...browserTests, ...sharedTests, ...leftOut],
          testTimeout: 40_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'shared',
          include: sharedTests,
          exclude: [...browserTests, ...leftOut],
          isolate: false,
          testTimeout: 40_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: browserTests,
          exclude: leftOut,
          globalSetup: ['test/web/support/unpack-browser.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
