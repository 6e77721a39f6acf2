import { randomUUID } from "node:crypto";
import type { Activity, ScalingActivityStatusCode } from "@aws-sdk/client-auto-scaling";

/** A scaling activity while it is still being written. */
export interface ActivityRecord {
  readonly id: string;
  description: string;
  readonly cause: string;
  readonly startedAt: number;
  endedAt?: number;
  status: ScalingActivityStatusCode;
  statusMessage?: string;
  progress: number;
  readonly details: string;
}

/** AWS keeps six weeks of activities; a rehearsal keeps the newest of them. */
const KEPT = 5000;

/** A group's scaling activities, newest first when listed. */
export class ActivityLog {
  private readonly records: ActivityRecord[] = [];

  constructor(
    private readonly groupName: string,
    private readonly groupArn: string,
    private readonly now: () => number,
  ) {}

  start(entry: {
    description: string;
    cause: string;
    status: ScalingActivityStatusCode;
    progress?: number;
    details?: Record<string, string>;
  }): ActivityRecord {
    const record: ActivityRecord = {
      id: randomUUID(),
      description: entry.description,
      cause: entry.cause,
      startedAt: this.now(),
      status: entry.status,
      progress: entry.progress ?? 0,
      details: JSON.stringify(entry.details ?? {}),
    };
    this.records.push(record);
    if (this.records.length > KEPT) this.records.shift();
    return record;
  }

  /** Ends an activity; a reason other than success also goes into the description, as AWS words it. */
  end(record: ActivityRecord, status: "Successful" | "Failed" | "Cancelled", reason?: string): void {
    if (record.endedAt !== undefined) return;
    record.status = status;
    record.progress = 100;
    record.endedAt = this.now();
    if (reason === undefined) return;
    record.statusMessage = reason;
    record.description = `${record.description}.  Status Reason: ${reason}`;
  }

  inProgress(): boolean {
    return this.records.some((record) => record.endedAt === undefined);
  }

  newestFirst(): readonly ActivityRecord[] {
    return [...this.records].reverse();
  }

  describe(record: ActivityRecord, deleted: boolean): Activity {
    return {
      ActivityId: record.id,
      AutoScalingGroupName: this.groupName,
      AutoScalingGroupARN: this.groupArn,
      Description: record.description,
      Cause: record.cause,
      StartTime: new Date(record.startedAt),
      ...(record.endedAt === undefined ? {} : { EndTime: new Date(record.endedAt) }),
      StatusCode: record.status,
      ...(record.statusMessage === undefined ? {} : { StatusMessage: record.statusMessage }),
      Progress: record.progress,
      Details: record.details,
      ...(deleted ? { AutoScalingGroupState: "Deleted" } : {}),
    };
  }
}
