import type {
  DescribeAccountAttributesCommandInput,
  DescribeAccountAttributesCommandOutput,
  DescribeAvailabilityZonesCommandInput,
  DescribeAvailabilityZonesCommandOutput,
  DescribeRegionsCommandInput,
  DescribeRegionsCommandOutput,
} from "@aws-sdk/client-ec2";
import type { Operation, Out } from "../service.js";
import { byIds } from "./byId.js";
import { absent, applyFilters, type FilterTable } from "./filters.js";
import type { Network } from "./network.js";
import { invalidParameter, serve } from "./operation.js";
import { regionNames, type Zone } from "./zones.js";

/** Regions, availability zones and the account's attributes. */
export function regionOperations(network: Network): Record<string, Operation> {
  const zoneFilters: FilterTable<Zone> = {
    "group-long-name": () => network.region,
    "group-name": () => network.region,
    "opt-in-status": () => "opt-in-not-required",
    "region-name": () => network.region,
    state: () => "available",
    "zone-id": (zone) => zone.id,
    "zone-name": (zone) => zone.name,
    "zone-type": () => "availability-zone",
    ...absent("message", "parent-zone-id", "parent-zone-name"),
  };
  const endpointOf = (region: string): string => `ec2.${region}.amazonaws.com`;
  const regionFilters: FilterTable<string> = {
    endpoint: endpointOf,
    "opt-in-status": () => "opt-in-not-required",
    "region-name": (region) => region,
  };
  return {
    DescribeAvailabilityZones: serve<
      DescribeAvailabilityZonesCommandInput,
      Out<DescribeAvailabilityZonesCommandOutput>
    >(
      "DescribeAvailabilityZones",
      // AllAvailabilityZones adds those that are not opted in to: there are none.
      ["ZoneNames", "ZoneIds", "Filters", "AllAvailabilityZones"],
      (input) => {
        const named = byIds(input.ZoneNames, network.zones, ({ name }) => name, {
          code: "InvalidParameterValue",
          message: (id) => `Invalid availability zone: [${id}]`,
        });
        const chosen = byIds(input.ZoneIds, named, ({ id }) => id, {
          code: "InvalidParameterValue",
          message: (id) => `Invalid availability zone-id: [${id}]`,
        });
        return {
          AvailabilityZones: applyFilters(chosen, input.Filters, zoneFilters).map((zone) => ({
            ZoneName: zone.name,
            ZoneId: zone.id,
            ZoneType: "availability-zone",
            RegionName: network.region,
            GroupName: network.region,
            NetworkBorderGroup: network.region,
            OptInStatus: "opt-in-not-required",
            State: "available",
            Messages: [],
          })),
        };
      },
    ),
    DescribeRegions: serve<DescribeRegionsCommandInput, Out<DescribeRegionsCommandOutput>>(
      "DescribeRegions",
      ["RegionNames", "AllRegions", "Filters"],
      (input) => {
        const all = [...new Set([...regionNames, network.region])];
        const chosen = byIds(input.RegionNames, all, (name) => name, {
          code: "InvalidParameterValue",
          message: (id) => `Invalid region name: [${id}]`,
        });
        return {
          Regions: applyFilters(chosen, input.Filters, regionFilters).map((region) => ({
            RegionName: region,
            Endpoint: endpointOf(region),
            OptInStatus: "opt-in-not-required",
          })),
        };
      },
    ),
    DescribeAccountAttributes: serve<
      DescribeAccountAttributesCommandInput,
      Out<DescribeAccountAttributesCommandOutput>
    >("DescribeAccountAttributes", ["AttributeNames"], (input) => {
      const attributes: Readonly<Record<string, string>> = {
        "supported-platforms": "VPC",
        "default-vpc": network.listVpcs().find(({ isDefault }) => isDefault)?.vpcId ?? "none",
        "max-instances": "20",
        "vpc-max-security-groups-per-interface": "5",
        "max-elastic-ips": "5",
        "vpc-max-elastic-ips": "5",
      };
      const names = input.AttributeNames?.length ? input.AttributeNames : Object.keys(attributes);
      return {
        AccountAttributes: names.map((name) => {
          const value = attributes[name];
          if (value === undefined) throw invalidParameter(`Invalid value '${name}' for attributeName.`);
          return { AttributeName: name as never, AttributeValues: [{ AttributeValue: value }] };
        }),
      };
    }),
  };
}
