const NOT_IN_A_FILE_NAME = /[^A-Za-z0-9._-]+/g;

/** What a file that is taken along is called: `memory_{view}_{host}_{instant}.{ext}`. */
export function exportFileName(parts: readonly string[], extension: string): string {
  return `memory_${parts.join('_').replaceAll(NOT_IN_A_FILE_NAME, '-')}.${extension}`;
}
