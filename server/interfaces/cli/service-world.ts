/** What commands need of the world to have services run the recorder and the server. */

export interface ScheduleRequest {
  readonly kind: 'cron' | 'systemd' | 'systemd-user';
  /** As it was given; `null` is the default. */
  readonly interval: string | null;
  readonly out: string | null;
}

export interface ServiceRequest {
  /** As it was given; `null` is the default. */
  readonly interval: string | null;
  /** `null`: the state folder of the recorder's unit. */
  readonly dumps: string | null;
  readonly port: number;
}

export interface UserUnit {
  /** As systemd calls it. */
  readonly file: string;
  readonly path: string;
  readonly isThere: boolean;
}

export interface ManagerAnswer {
  readonly isDone: boolean;
  /** What it said, on one line. */
  readonly text: string;
}

export interface ServiceWorld {
  /** A crontab line or a unit file. */
  schedule(request: ScheduleRequest): Promise<string>;
  /** Writes the unit file of this user's recorder. @returns its path */
  installUserUnit(text: string): Promise<string>;
  /** Writes the units of this user: the recorder and a server. @returns them @throws `bad_usage`, `cannot_write` */
  installService(request: ServiceRequest): Promise<readonly UserUnit[]>;
  /** The units that a service consists of, whether they are there or not. */
  serviceUnits(): Promise<readonly UserUnit[]>;
  /** @throws `cannot_write` */
  removeUnit(unit: UserUnit): Promise<void>;
  /** Asks the service manager of this user. `null`: there is no systemctl here. */
  systemctl(words: readonly string[]): Promise<ManagerAnswer | null>;
}
