import { computed, effect, signal } from '@preact/signals';
import type { OverviewAnswer } from '../server/interfaces/http/schemas/overview.ts';
import { fetchAnswer } from './api.ts';
import { screen } from './screen.ts';

/** What every page wants to know of the recorded host, and only the overview tells. */
export interface Machine {
  readonly host: string;
  readonly hosts: readonly string[];
  readonly isDemo: boolean;
  readonly memTotalBytes: number | null;
  /** Usual distance of two samples. */
  readonly spacingMs: number | null;
}

export const machine = signal<Machine | null>(null);
export const memTotalBytes = computed(() => machine.value?.memTotalBytes ?? null);

function machineOf({ host, hosts, demo, series, method, step_ms }: OverviewAnswer): Machine {
  return {
    host,
    hosts,
    isDemo: demo,
    memTotalBytes: series.mem_total_bytes.findLast((bytes) => bytes !== null) ?? null,
    spacingMs: method === 'raw' ? step_ms : (machine.peek()?.spacingMs ?? null),
  };
}

/** A recording whose newest sample is older than this, or than three spacings, is not called one. */
const RECENT_MS = 60_000;

/** Whether a sample of that age (ms) is the newest of a recording that goes on. */
export function isRecent(age: number): boolean {
  return age < Math.max(RECENT_MS, 3 * (machine.value?.spacingMs ?? 0));
}

let asked = '';

/** A page other than the overview: the last hour is enough to learn the host from. */
async function askFor(host: string): Promise<void> {
  if (asked === host) return;
  asked = host;
  const query = new URLSearchParams({ host, from: '-1h', px: '50', format: 'json' });
  const outcome = await fetchAnswer<OverviewAnswer>(`/api/v1/?${query}`);
  if (outcome.kind === 'answer') machine.value = machineOf(outcome.answer);
}

export function startMachine(): void {
  effect(() => {
    const shown = screen.value;
    if (shown.state !== 'ready') return;
    if (shown.page === 'overview') machine.value = machineOf(shown.answer);
    // This host, as it is now: it need not be recorded.
    else if (shown.page === 'system') return;
    else if (
      'host' in shown.answer &&
      shown.answer.host !== null &&
      machine.peek()?.host !== shown.answer.host
    )
      void askFor(shown.answer.host);
  });
}
