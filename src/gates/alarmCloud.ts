/** A CloudWatch alarm. */
export interface AlarmView {
  readonly name: string;
  readonly state: "OK" | "ALARM" | "INSUFFICIENT_DATA";
  readonly reason?: string;
}

/** What gates need to watch alarms. */
export interface AlarmCloud {
  /** Alarms by name; those that do not exist are left out. */
  alarms(names: readonly string[]): Promise<readonly AlarmView[]>;
}
