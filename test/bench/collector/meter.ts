import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** CPU time of a running process, all its threads, in ms (schedstat: nanoseconds on a CPU). */
export function cpuMsOf(pid: number): number {
  let ns = 0;
  for (const task of readdirSync(`/proc/${pid}/task`))
    ns += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'latin1').split(' ')[0]);
  return ns / 1e6;
}

const TICK_MS = 10;

/** CPU time of children that have ended, in ms, by ticks of 10 ms: fields 16 and 17 of stat. */
export function childCpuMs(): number {
  const stat = readFileSync('/proc/self/stat', 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) * TICK_MS;
}

function statusMib(pid: number, key: 'VmHWM' | 'VmRSS'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  return Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(status)?.[1]) / 1024;
}

export const peakMib = (pid: number) => statusMib(pid, 'VmHWM');
export const residentMib = (pid: number) => statusMib(pid, 'VmRSS');

export function descriptorCount(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

export function countProcesses(): number {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).length;
}

/** The system files in a dump folder, oldest first. */
export function listDumps(out: string): readonly string[] {
  return readdirSync(out, { recursive: true, encoding: 'utf8' })
    .filter((name) => /(^|\/)sys_mem_[^/]*\.csv$/.test(name))
    .sort()
    .map((name) => join(out, name));
}

/** From the sample's instant to the moment in which its commit record was written, in ms. */
export function wallMsOf(systemFile: string): number {
  return (
    statSync(systemFile).mtimeMs - Date.parse(readFileSync(systemFile, 'utf8').split('\n')[1].split(',')[0])
  );
}

export function pairBytes(systemFile: string): number {
  return statSync(systemFile).size + statSync(systemFile.replace('sys_mem', 'process_mem')).size;
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
