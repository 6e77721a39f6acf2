import type * as sdk from "@aws-sdk/client-auto-scaling";
import type { Operation, Out } from "../../service.js";
import type { ActivityRecord } from "../activities.js";
import { invalid } from "../faults.js";
import { page } from "../paging.js";
import type { GroupRegistry } from "../registry.js";

export function activityOperations(registry: GroupRegistry): Record<string, Operation> {
  return {
    DescribeScalingActivities: (
      input: sdk.DescribeScalingActivitiesCommandInput,
    ): Out<sdk.DescribeScalingActivitiesCommandOutput> => {
      const name = input.AutoScalingGroupName;
      if (name !== undefined && !input.IncludeDeletedGroups) registry.get(name);
      const living = registry.all().map((group) => ({ group, deleted: false }));
      const gone = input.IncludeDeletedGroups ? registry.deleted.map((group) => ({ group, deleted: true })) : [];
      const filters = (input.Filters ?? []).map(readFilter);
      const found = [...living, ...gone]
        .filter(({ group }) => name === undefined || group.name === name)
        .flatMap(({ group, deleted }) => group.activities.newestFirst().map((record) => ({ group, deleted, record })))
        .filter(({ record }) => !input.ActivityIds?.length || input.ActivityIds.includes(record.id))
        .filter(({ record }) => filters.every((matches) => matches(record)));
      // A group's own list is in order already; stable sorting only merges several groups.
      found.sort((a, b) => b.record.startedAt - a.record.startedAt);
      const { items, ...next } = page(found, input, { usual: 100, most: 100 });
      return {
        Activities: items.map(({ group, deleted, record }) => group.activities.describe(record, deleted)),
        ...next,
      };
    },
  };
}

function readFilter(filter: sdk.Filter): (record: ActivityRecord) => boolean {
  const values = filter.Values ?? [];
  switch (filter.Name) {
    case "Status":
      return (record) => values.includes(record.status);
    case "StartTimeLowerBound":
      return (record) => values.every((value) => record.startedAt >= readTime(value));
    case "StartTimeUpperBound":
      return (record) => values.every((value) => record.startedAt <= readTime(value));
    default:
      throw invalid(
        `Filter '${filter.Name ?? ""}' is not correct. Allowed filters are: StartTimeLowerBound StartTimeUpperBound Status`,
      );
  }
}

function readTime(value: string): number {
  const time = Date.parse(/[zZ]|[+-]\d\d:?\d\d$/.test(value) ? value : `${value}Z`);
  if (Number.isNaN(time)) throw invalid(`'${value}' is not an ISO 8601 time.`);
  return time;
}
