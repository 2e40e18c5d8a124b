/** What the lives file tells of a life as a whole is its last row's too. */
const OF_ALL_ROWS: ReadonlySet<string> = new Set(['pid', 'start_ticks', 'cmd', 'comm', 'user']);

/** How the lives file calls a column of the processes file, which it has of each life's last row. */
export function lastName(column: string): string {
  return OF_ALL_ROWS.has(column) ? column : `last_${column}`;
}
