/** `aws.lb.Listener`: an entrance of its own. */
import {
  CreateListenerCommand,
  DeleteListenerCommand,
  DescribeListenersCommand,
  type Listener,
  ModifyListenerCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { unlessMissing } from "../../awsErrors.js";
import type { Values } from "../../protocol/values.js";
import type { ResourceType } from "../../resource.js";
import { integer, regional, tagged, text } from "../../schema/property.js";
import { ACTIONS, actionFaults, fromAwsActions, toAwsActions } from "./actions.js";
import { readTags, tagsOrNone, updateTags } from "./shared.js";

export const listener: ResourceType = {
  token: "aws:lb/listener:Listener",
  properties: {
    ...regional,
    ...tagged,
    loadBalancerArn: text({ required: true, replace: true }),
    port: integer({ range: [1, 65535] }),
    protocol: text({ computed: true, oneOf: ["HTTP", "HTTPS"] }),
    sslPolicy: text({ computed: true }),
    certificateArn: text(),
    defaultActions: ACTIONS,
    arn: text({ output: true }),
  },

  validate: ({ defaultActions }) => actionFaults("defaultActions", defaultActions),

  async create({ aws }, planned) {
    const { Listeners } = await aws.elbv2.send(
      new CreateListenerCommand({
        LoadBalancerArn: planned.loadBalancerArn,
        ...settings(planned),
        DefaultActions: toAwsActions(planned.defaultActions),
        ...tagsOrNone(planned.tags),
      }),
    );
    const arn = Listeners?.[0]?.ListenerArn;
    if (!arn) throw new Error(`CreateListener answered without an ARN for ${planned.loadBalancerArn}`);
    return arn;
  },

  async read(call, arn, known) {
    const answer = await unlessMissing(
      call.aws.elbv2.send(new DescribeListenersCommand({ ListenerArns: [arn] })),
      "ListenerNotFound",
      "LoadBalancerNotFound",
    );
    const found: Listener | undefined = answer?.Listeners?.[0];
    if (!found) return undefined;
    return {
      ...(await readTags(call, arn)),
      arn,
      loadBalancerArn: found.LoadBalancerArn,
      port: found.Port,
      protocol: found.Protocol,
      sslPolicy: found.SslPolicy ?? "",
      certificateArn: found.Certificates?.[0]?.CertificateArn,
      defaultActions: fromAwsActions(found.DefaultActions, known.defaultActions),
    };
  },

  async update(call, update) {
    const { id, planned, changed } = update;
    if (["port", "protocol", "sslPolicy", "certificateArn", "defaultActions"].some((name) => changed.has(name))) {
      await call.aws.elbv2.send(
        new ModifyListenerCommand({
          ListenerArn: id,
          ...settings(planned),
          ...(changed.has("defaultActions") ? { DefaultActions: toAwsActions(planned.defaultActions) } : {}),
        }),
      );
    }
    await updateTags(call, update);
  },

  async delete({ aws }, arn) {
    await unlessMissing(aws.elbv2.send(new DeleteListenerCommand({ ListenerArn: arn })), "ListenerNotFound");
  },
};

function settings({ port, protocol, sslPolicy, certificateArn }: Values) {
  return {
    Port: port,
    Protocol: protocol ?? "HTTP",
    ...(sslPolicy ? { SslPolicy: sslPolicy } : {}),
    ...(certificateArn ? { Certificates: [{ CertificateArn: certificateArn }] } : {}),
  };
}
