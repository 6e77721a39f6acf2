/**
 * On-demand prices of Linux instances in us-east-1, from AWS's own price list of 2026-07-20. Within a family the price is linear in
 * size (checked on every size within 2 %), so one figure a family, dollars per hour of `large`, is a whole table.
 */
export const BUILT_IN_REGION = "us-east-1";
export const BUILT_IN_DATE = "2026-07-20";

const FAMILIES = `t2 0.0928; t3 0.0832; t3a 0.0752; t4g 0.0672; m4 0.1; m5 0.096; m5a 0.086; m5d 0.113; m5n 0.119; m6a 0.0864; m6g 0.077;
m6gd 0.0904; m6i 0.096; m6id 0.11865; m6in 0.13923; m7a 0.11592; m7g 0.0816; m7gd 0.1068; m7i 0.1008; m7i-flex 0.09576; m8a 0.12172;
m8g 0.08976; m8gd 0.11532; m8i 0.10584; m8i-flex 0.10055; c4 0.1; c5 0.085; c5a 0.077; c5d 0.096; c5n 0.108; c6a 0.0765; c6g 0.068;
c6gd 0.0768; c6gn 0.0864; c6i 0.085; c6id 0.1008; c6in 0.1134; c7a 0.10264; c7g 0.0725; c7gd 0.0907; c7gn 0.1248; c7i 0.08925;
c7i-flex 0.08479; c8g 0.07976; c8gn 0.1185; c8i 0.09371; c8i-flex 0.08902; r4 0.133; r5 0.126; r5a 0.113; r6a 0.1134; r6g 0.1008;
r6i 0.126; r7a 0.15215; r7g 0.1071; r7i 0.1323; r8g 0.11782; r8i 0.13892`;

export const LARGE_PER_HOUR: ReadonlyMap<string, number> = new Map(
  FAMILIES.split(";").map((entry): [string, number] => {
    const [family = "", price] = entry.trim().split(" ");
    return [family, Number(price)];
  }),
);

/** An Application Load Balancer in us-east-1, dollars per hour, and per LCU and hour of what it carries. */
export const BALANCER_PER_HOUR = 0.0225;
export const LCU_PER_HOUR = 0.008;

/** A month as AWS's calculator has it. */
export const HOURS_PER_MONTH = 730;

const SMALL: Readonly<Record<string, number>> = {
  nano: 1 / 16,
  micro: 1 / 8,
  small: 1 / 4,
  medium: 1 / 2,
  large: 1,
  xlarge: 2,
};

/** How many times `large` a size is; nothing for sizes that are no multiple (`metal`). */
export function sizeFactor(size: string): number | undefined {
  if (Object.hasOwn(SMALL, size)) return SMALL[size];
  const times = /^([1-9]\d?)xlarge$/.exec(size)?.[1];
  return times === undefined ? undefined : 2 * Number(times);
}
