import { describe, expect, test, vi } from 'vitest';
import { openAnalysis } from '../../../server/application/analysis.ts';
import type { ProcessProbe } from '../../../server/application/analysis-ports.ts';
import { MemoryInspectorError } from '../../../server/domain/errors.ts';
import type { AnalysedProcess, MemoryFigures } from '../../../server/domain/process-analysis.ts';

/** A host whose processes end, and give their pid away, when a test says so. */
function openHost() {
  const state = { life: 1, reads: 0, atOnce: 0, mostAtOnce: 0, isFailing: false };
  const waiting: (() => void)[] = [];
  const signals: AbortSignal[] = [];
  const probe = {
    identify: async (pid: number) => ({ pid, key: `s-${pid}-${state.life}` }) as AnalysedProcess,
    async readMemory(_process: AnalysedProcess, signal: AbortSignal) {
      const nth = ++state.reads;
      signals.push(signal);
      state.mostAtOnce = Math.max(state.mostAtOnce, ++state.atOnce);
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        signal.addEventListener('abort', () => resolve());
      });
      state.atOnce--;
      if (state.isFailing) throw new MemoryInspectorError('source_unavailable', 'no descriptors');
      return { figures: { rss_bytes: nth } as MemoryFigures, missing: [] };
    },
    async readRegions(process: AnalysedProcess, signal: AbortSignal) {
      await probe.readMemory(process, signal);
      return { figures: null, missing: [] };
    },
  };
  return {
    state,
    signals,
    analysis: openAnalysis(probe as unknown as ProcessProbe),
    /** Lets the next reading come to its end. */
    async finish() {
      await vi.waitFor(() => expect(waiting.length).toBeGreaterThan(0));
      waiting.shift()?.();
    },
  };
}

const ask = (pid = 1, signal = new AbortController().signal) => ({ pid, refresh: false, signal });

describe('an analysis', () => {
  test('is refused where the pid has been given to another process meanwhile', async () => {
    const { analysis, state, finish } = openHost();
    const reading = analysis.memory(ask());
    const refused = expect(reading).rejects.toMatchObject({ code: 'process_changed', field: 'pid' });
    await vi.waitFor(() => expect(state.reads).toBe(1));
    state.life = 2;
    await finish();
    await refused;
  });

  test('is read once for all who ask meanwhile, and remembered for those who ask soon', async () => {
    const { analysis, state, finish } = openHost();
    const readings = [analysis.memory(ask()), analysis.memory(ask())];
    await finish();
    const [a, b] = await Promise.all(readings);
    expect(b).toBe(a);
    expect(await analysis.memory(ask())).toBe(a);
    expect(state.reads).toBe(1);
    const again = analysis.memory({ ...ask(), refresh: true });
    await finish();
    expect((await again).figures.rss_bytes).toBe(2);
  });

  test('of another life of the pid is not what was remembered of the first', async () => {
    const { analysis, state, finish } = openHost();
    const first = analysis.memory(ask());
    await finish();
    await first;
    state.life = 2;
    const second = analysis.memory(ask());
    await finish();
    expect((await second).process.key).toBe('s-1-2');
    expect(state.reads).toBe(2);
  });

  test('of one process is one reading at a time, of several side by side', async () => {
    const { analysis, state, finish } = openHost();
    const ofOne = [analysis.memory(ask(1)), analysis.regions(ask(1))];
    await finish();
    await ofOne[0];
    await finish();
    await ofOne[1];
    expect(state.mostAtOnce).toBe(1);
    const ofTwo = [analysis.memory(ask(2)), analysis.memory(ask(3))];
    await vi.waitFor(() => expect(state.atOnce).toBe(2));
    await finish();
    await finish();
    await Promise.all(ofTwo);
  });

  test('goes on until the last who waits for it leaves', async () => {
    const { analysis, signals, state } = openHost();
    const [first, last] = [new AbortController(), new AbortController()];
    const left = [analysis.memory(ask(1, first.signal)), analysis.memory(ask(1, last.signal))].map(
      (reading) => expect(reading).rejects.toMatchObject({ code: 'client_gone' }),
    );
    await vi.waitFor(() => expect(signals.length).toBe(1));
    first.abort();
    await left[0];
    expect(signals[0].aborted).toBe(false);
    last.abort();
    await left[1];
    expect(signals[0].aborted).toBe(true);
    expect(state.reads).toBe(1);
  });

  test('that failed is not remembered: the next one reads anew', async () => {
    const { analysis, state, finish } = openHost();
    state.isFailing = true;
    const failed = expect(analysis.memory(ask())).rejects.toMatchObject({ code: 'source_unavailable' });
    await finish();
    await failed;
    state.isFailing = false;
    const next = analysis.memory(ask());
    await finish();
    expect((await next).figures.rss_bytes).toBe(2);
  });

  test('is forgotten when 64 others came after it', async () => {
    const { analysis, state, finish } = openHost();
    for (let pid = 1; pid <= 65; pid++) {
      const reading = analysis.memory(ask(pid));
      await finish();
      await reading;
    }
    expect((await analysis.memory(ask(2))).process.pid).toBe(2);
    expect(state.reads).toBe(65);
    const first = analysis.memory(ask(1));
    await finish();
    await first;
    expect(state.reads).toBe(66);
  });
});
