/** How a dump is, as far as reading has come. */

export const DUMP_KINDS = ['pair', 'process', 'system', 'other'] as const;
export type DumpKind = (typeof DUMP_KINDS)[number];

/** `incomplete`: something of it could not be used; `rejected`: nothing of it could. */
export const DUMP_STATES = ['pending', 'read', 'sealed', 'incomplete', 'rejected'] as const;
export type DumpState = (typeof DUMP_STATES)[number];

/** `damaged`: incomplete or rejected. */
export const DUMP_FILTERS = [...DUMP_STATES, 'damaged'] as const;
export type DumpFilter = (typeof DUMP_FILTERS)[number];
