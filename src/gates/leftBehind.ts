/** Something of a component that serves nobody: made by an update that was interrupted, unless this very update deletes it. */
export interface LeftBehind {
  /** What AWS calls it. */
  readonly id: string;
  /** `target group`, `launch template` … */
  readonly what: string;
  /** The command that deletes it. */
  readonly remove: string;
}
