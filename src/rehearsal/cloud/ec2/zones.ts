/** An availability zone of the one region that the local cloud is. */
export interface Zone {
  readonly name: string;
  readonly id: string;
}

/** The three zones of a region: `us-east-1a` with the id `use1-az1` and so on. */
export function zonesOf(region: string): Zone[] {
  const parts = region.split("-");
  const number = parts.at(-1) ?? "";
  const place = parts
    .slice(1, -1)
    .map((part) => part.replace(/north|south|east|west|central/g, (word) => word.slice(0, 1)));
  const short = `${parts[0]}${place.join("")}${number}`;
  return ["a", "b", "c"].map((letter, index) => ({ name: `${region}${letter}`, id: `${short}-az${index + 1}` }));
}

/** Regions by name, as DescribeRegions lists those that need no opting in. */
export const regionNames: readonly string[] = [
  "ap-northeast-1",
  "ap-northeast-2",
  "ap-northeast-3",
  "ap-south-1",
  "ap-southeast-1",
  "ap-southeast-2",
  "ca-central-1",
  "eu-central-1",
  "eu-north-1",
  "eu-west-1",
  "eu-west-2",
  "eu-west-3",
  "sa-east-1",
  "us-east-1",
  "us-east-2",
  "us-west-1",
  "us-west-2",
];
