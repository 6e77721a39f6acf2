/** `aws.getAvailabilityZones` */
import { DescribeAvailabilityZonesCommand } from "@aws-sdk/client-ec2";
import type { FunctionType } from "../resource.js";
import { flag, list, text } from "../schema/property.js";
import { FILTERS, toFilters } from "./filters.js";

export const getAvailabilityZones: FunctionType = {
  token: "aws:index/getAvailabilityZones:getAvailabilityZones",
  arguments: {
    region: text(),
    allAvailabilityZones: flag(),
    excludeNames: list(text()),
    excludeZoneIds: list(text()),
    filters: FILTERS,
    state: text(),
  },

  async invoke({ aws, region }, given) {
    const Filters = toFilters(given, { state: given.state });
    const { AvailabilityZones = [] } = await aws.ec2.send(
      new DescribeAvailabilityZonesCommand({
        ...(given.allAvailabilityZones === undefined ? {} : { AllAvailabilityZones: given.allAvailabilityZones }),
        ...(Filters.length > 0 ? { Filters } : {}),
      }),
    );
    const zones = AvailabilityZones.filter(
      ({ ZoneName, ZoneId }) =>
        !given.excludeNames?.includes(ZoneName) && !(ZoneId && given.excludeZoneIds?.includes(ZoneId)),
    ).sort((left, right) => ((left.ZoneName ?? "") < (right.ZoneName ?? "") ? -1 : 1));
    return {
      ...given,
      id: region,
      region,
      names: zones.flatMap(({ ZoneName }) => ZoneName ?? []),
      zoneIds: zones.flatMap(({ ZoneId }) => ZoneId ?? []),
      groupNames: [...new Set(zones.flatMap(({ GroupName }) => GroupName ?? []))],
    };
  },
};
