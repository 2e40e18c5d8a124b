/** `make test-long` looks closer than there is time for in each run: `LONG=1`. */
export const isLong = process.env.LONG === '1';

/** How often something is tried: in `make test`, and in `make test-long`. */
export function effort(short: number, long: number): number {
  return isLong ? long : short;
}
