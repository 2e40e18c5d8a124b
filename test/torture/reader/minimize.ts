/** Makes a failing case small, so that a person can see what is wrong and keep it. */

const MOST_TRIES = 2000;

/** @param isFailing whether these bytes still break what `bytes` broke */
export async function minimize(
  bytes: Buffer,
  isFailing: (bytes: Buffer) => Promise<boolean>,
): Promise<Buffer> {
  let smallest = bytes;
  let tries = 0;
  for (let size = Math.ceil(bytes.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    let at = 0;
    while (at < smallest.length && tries++ < MOST_TRIES) {
      const without = Buffer.concat([smallest.subarray(0, at), smallest.subarray(at + size)]);
      if (await isFailing(without)) smallest = without;
      else at += size;
    }
  }
  return smallest;
}
