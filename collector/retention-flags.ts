/** How much of a recording is kept: rows of the table in flags.ts. They are read by domain/retention.ts. */
export const RETENTION_FLAGS = {
  keep: { kind: 'text', value: 'TIME', default: '14d', help: 'remove dumps older than this; forever' },
  'max-bytes': {
    kind: 'text',
    value: 'SIZE',
    default: '2GiB',
    help: 'remove the oldest above this size of all; unlimited',
  },
  'keep-free': {
    kind: 'text',
    value: 'SPACE',
    default: '5%, at most 4GiB',
    help: 'of the disk: below it dumps go, and none is written; off',
  },
  gzip: { kind: 'switch', help: 'write process files as .csv.gz' },
} as const;
