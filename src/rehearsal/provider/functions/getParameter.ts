/** `aws.ssm.getParameter`: the value is a secret, as in the real provider; the plain text of an unencrypted one is `insecureValue`. */
import { GetParameterCommand } from "@aws-sdk/client-ssm";
import { secret } from "../protocol/values.js";
import type { FunctionType } from "../resource.js";
import { flag, text } from "../schema/property.js";

export const getParameter: FunctionType = {
  token: "aws:ssm/getParameter:getParameter",
  arguments: { region: text(), name: text({ required: true }), withDecryption: flag({ default: true }) },

  async invoke({ aws, region }, { name, withDecryption }) {
    const { Parameter } = await aws.ssm.send(new GetParameterCommand({ Name: name, WithDecryption: withDecryption }));
    if (!Parameter) throw new Error(`SSM parameter ${name} has no value`);
    return {
      id: name,
      name,
      region,
      withDecryption,
      arn: Parameter.ARN ?? "",
      type: Parameter.Type,
      value: secret(Parameter.Value),
      insecureValue: Parameter.Type === "SecureString" ? "" : Parameter.Value,
      version: Parameter.Version ?? 1,
    };
  },
};
