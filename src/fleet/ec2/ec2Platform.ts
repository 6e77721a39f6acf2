import type * as pulumi from "@pulumi/pulumi";
import { awsSettingsOf } from "../../gates/aws/providerSettings.js";
import { connect } from "../../gates/connect.js";
import { rollOut } from "../../gates/refresh/rollOut.js";
import { staying, TemplateBook } from "../../gates/refresh/templateBook.js";
import type { Difference, Platform, PlatformLink } from "../platform.js";
import { checkFleet, type Ec2Plan } from "./checkFleet.js";
import { checkRelease, type Ec2Release } from "./checkRelease.js";
import { createEc2Fleet, createFleetScaling, createServerSecurity, type ServerSecurity } from "./ec2Fleet.js";
import type { FleetArgs } from "./fleetArgs.js";
import { type GroupChange, groupChange, groupCreated } from "./groupChange.js";
import { sameRelease } from "./sameRelease.js";

/** EC2: a fleet is an Auto Scaling group. */
export const ec2Platform: Platform<Ec2Plan, Ec2Release> = {
  fleetNames: "autoScalingGroupNames",
  checkName: () => [],
  checkFleet: (args, faults, batch) => checkFleet(args as FleetArgs, faults, batch),
  checkRelease,
  checkTimes: () => {},

  share(name, plan, opts) {
    const security = createServerSecurity(name, plan, opts);
    return { security, nodes: security.securityGroup ? { securityGroup: security.securityGroup } : {} };
  },

  createFleet(name, wish, opts, workloadOpts) {
    const { shared, target, ...rest } = wish;
    const { security } = shared as { readonly security: ServerSecurity };
    const parts = createEc2Fleet(name, { ...rest, security, targetGroupArn: target.id }, opts, workloadOpts);
    const { group, launchTemplate } = parts;
    return {
      workload: group,
      nodes: parts,
      name: group.name,
      outputs: () => ({
        autoScalingGroupName: group.name,
        launchTemplateId: launchTemplate.id,
        launchTemplateVersion: group.launchTemplate.apply((template) => template?.version ?? ""),
      }),
      scaling({ entrance }, scalingName, scalingOpts) {
        const { loadBalancerSuffix } = entrance;
        if (loadBalancerSuffix === undefined) throw new Error("servers stand behind an Application Load Balancer");
        const wished = { fleet: wish.fleet, group, targetGroupArn: target.id, loadBalancerSuffix };
        const scalingPolicy = createFleetScaling(scalingName, wished, scalingOpts);
        return scalingPolicy ? { scalingPolicy } : {};
      },
    };
  },

  link,
};

function link(component: pulumi.ComponentResource): PlatformLink<GroupChange> {
  const provider = awsSettingsOf(component);
  const cloudFor = async (subject: string, arn: string) => connect(subject, await provider, arn);
  return {
    fleets: cloudFor,
    change: groupChange,
    created: groupCreated,

    async difference(subject, { name, guardedId, wanted }): Promise<Difference> {
      if (!wanted) return "none";
      const cloud = await cloudFor(subject, guardedId);
      const book = new TemplateBook(cloud);
      const group = await cloud.group(name);
      // An empty fleet starts its servers from what the update sets; one that runs it already has nothing to replace.
      if (group && staying(group).length === 0) return "none";
      if (group && (await book.same(group.template, wanted)) && (await book.outdated(group, wanted)).length === 0) {
        return "none";
      }
      return (await sameRelease(book, group?.template, wanted)) ? "same release" : "other release";
    },

    async rollOut(order, { name, guardedId, target, wanted }, stage) {
      if (!wanted) return;
      const cloud = await cloudFor(order.subject, guardedId);
      const request = { ...order, groupName: name, groupArn: guardedId, targetGroupArn: target.after ?? "", wanted };
      await rollOut({ ...stage, cloud, request });
    },
  };
}
