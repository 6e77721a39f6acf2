/** `aws.ec2.SecurityGroup`: closed until the program opens it; AWS's own "allow all" egress is taken away, as the real provider does. */
import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateTagsCommand,
  DeleteSecurityGroupCommand,
  DeleteTagsCommand,
  DescribeSecurityGroupsCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  type SecurityGroup,
} from "@aws-sdk/client-ec2";
import { isCode, unlessMissing } from "../../awsErrors.js";
import type { Values } from "../../protocol/values.js";
import type { Call, ResourceType } from "../../resource.js";
import { prefixedName } from "../../schema/naming.js";
import {
  flag,
  integer,
  list,
  named,
  object,
  type Property,
  regional,
  set,
  tagged,
  text,
} from "../../schema/property.js";
import { fromAwsTags, tagChanges, toAwsTags } from "../../tags.js";
import {
  type Grant,
  grantChanges,
  grantsOfBlock,
  grantsOfPermission,
  sameProtocol,
  toBlocks,
  toPermission,
} from "./permissions.js";

const MAX_NAME = 255;
export const MISSING_GROUP = ["InvalidGroup.NotFound", "InvalidGroupId.NotFound", "InvalidSecurityGroupID.NotFound"];

const rules = (): Property =>
  set(
    object({
      protocol: text({ required: true, same: sameProtocol }),
      fromPort: integer({ required: true }),
      toPort: integer({ required: true }),
      cidrBlocks: list(text()),
      ipv6CidrBlocks: list(text()),
      prefixListIds: list(text()),
      securityGroups: set(text()),
      self: flag({ default: false }),
      description: text(),
    }),
    { computed: true },
  );

export const securityGroup: ResourceType = {
  token: "aws:ec2/securityGroup:SecurityGroup",
  maxNameLength: MAX_NAME,
  properties: {
    ...regional,
    ...named([1, MAX_NAME]),
    ...tagged,
    description: text({ default: "Managed by Pulumi", replace: true, range: [1, 255] }),
    vpcId: text({ computed: true, replace: true }),
    ingress: rules(),
    egress: rules(),
    revokeRulesOnDelete: flag({ default: false, stored: true }),
    arn: text({ output: true }),
    ownerId: text({ output: true }),
  },

  async create({ aws }, planned) {
    const { GroupId } = await aws.ec2.send(
      new CreateSecurityGroupCommand({
        GroupName: planned.name ?? prefixedName(planned.namePrefix, MAX_NAME),
        Description: planned.description,
        VpcId: planned.vpcId,
        TagSpecifications: planned.tags
          ? [{ ResourceType: "security-group", Tags: toAwsTags(planned.tags) }]
          : undefined,
      }),
    );
    if (!GroupId) throw new Error("CreateSecurityGroup answered without an id");
    return GroupId;
  },

  async settle(call, id, planned) {
    const now = await describe(call, id);
    const wanted = { ingress: planned.ingress ?? [], egress: planned.egress ?? [] };
    await setRules(call, id, "ingress", (now?.IpPermissions ?? []).flatMap(grantsOfPermission), wanted.ingress);
    await setRules(call, id, "egress", (now?.IpPermissionsEgress ?? []).flatMap(grantsOfPermission), wanted.egress);
  },

  async read(call, id, known) {
    const found = await describe(call, id);
    if (!found) return undefined;
    const tags = fromAwsTags(found.Tags);
    const arn = `arn:aws:ec2:${call.region}:${found.OwnerId}:security-group/${id}`;
    return {
      tags,
      tagsAll: tags,
      name: found.GroupName,
      description: found.Description,
      vpcId: found.VpcId,
      ownerId: found.OwnerId,
      arn: found.SecurityGroupArn ?? arn,
      ingress: toBlocks(found.IpPermissions, known.ingress, id),
      egress: toBlocks(found.IpPermissionsEgress, known.egress, id),
    };
  },

  async update(call, { id, state, planned, changed }) {
    for (const direction of ["ingress", "egress"] as const) {
      if (!changed.has(direction)) continue;
      const before = (state[direction] ?? []).flatMap((block: Values) => grantsOfBlock(block, id));
      await setRules(call, id, direction, before, planned[direction] ?? []);
    }
    if (changed.size === 0) await securityGroup.settle?.(call, id, planned);
    if (!changed.has("tags")) return;
    const { set: fresh, removed } = tagChanges(state.tags, planned.tags);
    if (removed.length > 0) {
      await call.aws.ec2.send(new DeleteTagsCommand({ Resources: [id], Tags: removed.map((Key) => ({ Key })) }));
    }
    if (Object.keys(fresh).length > 0) {
      await call.aws.ec2.send(new CreateTagsCommand({ Resources: [id], Tags: toAwsTags(fresh) }));
    }
  },

  /** A balancer or an instance that was deleted a moment ago may still hold the group. */
  async delete(call, id, state) {
    const { aws, waiter } = call;
    if (state.revokeRulesOnDelete) {
      const now = await describe(call, id);
      await setRules(call, id, "ingress", (now?.IpPermissions ?? []).flatMap(grantsOfPermission), []);
      await setRules(call, id, "egress", (now?.IpPermissionsEgress ?? []).flatMap(grantsOfPermission), []);
    }
    await waiter.until({
      what: `security group ${id} to be unused`,
      deadlineSeconds: call.deadlineSeconds(900),
      everySeconds: 3,
      observe: async () => {
        try {
          await unlessMissing(aws.ec2.send(new DeleteSecurityGroupCommand({ GroupId: id })), ...MISSING_GROUP);
          return { done: true, progress: "deleted" };
        } catch (error) {
          if (!isCode(error, "DependencyViolation", "InvalidGroup.InUse")) throw error;
          return { progress: (error as Error).message };
        }
      },
    });
  },
};

async function describe({ aws }: Call, id: string): Promise<SecurityGroup | undefined> {
  const answer = await unlessMissing(
    aws.ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [id] })),
    ...MISSING_GROUP,
  );
  return answer?.SecurityGroups?.[0];
}

async function setRules(
  { aws }: Call,
  GroupId: string,
  direction: "ingress" | "egress",
  before: readonly Grant[],
  blocks: readonly Values[],
): Promise<void> {
  const after = blocks.flatMap((block) => grantsOfBlock(block, GroupId));
  const { added, removed } = grantChanges(before, after);
  const { ec2 } = aws;
  // First away, then anew: a changed description is the same rule to AWS, which would refuse it as a duplicate.
  if (removed.length > 0) {
    const request = { GroupId, IpPermissions: removed.map(toPermission) };
    if (direction === "ingress") await ec2.send(new RevokeSecurityGroupIngressCommand(request));
    else await ec2.send(new RevokeSecurityGroupEgressCommand(request));
  }
  if (added.length > 0) {
    const request = { GroupId, IpPermissions: added.map(toPermission) };
    if (direction === "ingress") await ec2.send(new AuthorizeSecurityGroupIngressCommand(request));
    else await ec2.send(new AuthorizeSecurityGroupEgressCommand(request));
  }
}
