import type { AlarmHistoryItem, HistoryItemType } from "@aws-sdk/client-cloudwatch";

/** "CloudWatch retains the history of an alarm for 30 days"; here the newest thousand items of all alarms together. */
const mostItems = 1000;

/** What happened to alarms, newest first. */
export class AlarmHistory {
  private readonly items: AlarmHistoryItem[] = [];

  add(name: string, type: HistoryItemType, summary: string, data: object): void {
    this.items.unshift({
      AlarmName: name,
      AlarmType: "MetricAlarm",
      HistoryItemType: type,
      HistorySummary: summary,
      HistoryData: JSON.stringify({ version: "1.0", ...data }),
      Timestamp: new Date(),
    });
    this.items.length = Math.min(this.items.length, mostItems);
  }

  list(): readonly AlarmHistoryItem[] {
    return this.items;
  }
}
