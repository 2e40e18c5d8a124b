import type { AlertRuleConfig } from '../domain/alert-rule.ts';

/** What alerts need of the world. */

/** Rules as they are written, in the file that has the watch groups. */
export interface AlertRuleStore {
  /** As they are now, in the order of the file; `null`: none are written, not even an empty list. Never waits. */
  alertRules(): readonly AlertRuleConfig[] | null;
}

/** That somebody knows of an alert. */
export interface Acknowledgement {
  readonly host: string;
  readonly rule: string;
  /** An instant within the alert, epoch ms. */
  readonly t: number;
  /** When it was said, epoch ms. */
  readonly at: number;
}

/** Kept across restarts. */
export interface AcknowledgementStore {
  /** @throws MemoryInspectorError `cannot_read` */
  list(): Promise<readonly Acknowledgement[]>;
  /** @throws MemoryInspectorError `cannot_write` and as `list` */
  save(acknowledgement: Acknowledgement): Promise<void>;
  /** Takes those of a host's rule back whose instant lies in the stretch. @throws as `save` */
  remove(alert: {
    readonly host: string;
    readonly rule: string;
    readonly from: number;
    readonly to: number;
  }): Promise<void>;
}
