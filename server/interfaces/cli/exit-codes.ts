import type { ErrorCode } from '../../domain/errors.ts';

/** Every code's exit status (sysexits where one fits): the compiler refuses a code that is missing here. */
export const EXIT_CODE: Readonly<Record<ErrorCode, number>> = {
  bad_usage: 2,
  bad_parameter: 2,
  unsafe_bind: 2,
  no_process_dumps: 1,
  no_system_dumps: 1,
  unknown_timestamp: 1,
  unknown_host: 1,
  no_data_for_pid: 1,
  process_gone: 1,
  process_changed: 1,
  analysis_off: 1,
  no_such_session: 1,
  session_exists: 3,
  session_state: 1,
  no_such_group: 1,
  no_such_route: 1,
  method_not_allowed: 1,
  not_json: 1,
  too_large: 1,
  host_refused: 1,
  origin_refused: 1,
  token_missing: 1,
  port_in_use: 3,
  cannot_read: 3,
  cannot_write: 3,
  folder_refused: 3,
  source_unavailable: 3,
  not_permitted: 3,
  bad_file: 3,
  busy: 3,
  too_many_clients: 3,
  client_gone: 3,
  internal: 70,
};

/** Of a command whose 2 is a verdict (sysexits.h, EX_USAGE): a slip of the pen must not pass for one. */
export const USAGE_BESIDE_VERDICT = 64;
