import { AwsError } from "../../../../src/rehearsal/cloud/awsError.js";
import type { Service } from "../../../../src/rehearsal/cloud/service.js";

/** Small services: one operation that answers, one that refuses, one that breaks. */
export const services: Service[] = [
  {
    id: "elbv2",
    operations: {
      DescribeTargetGroups: (input) => ({ TargetGroups: [{ TargetGroupName: input.Names[0] }] }),
      DeleteTargetGroup: () => {
        throw new AwsError("TargetGroupNotFound", "One or more target groups not found");
      },
      DescribeTags: () => {
        throw new Error("broken");
      },
      DescribeListeners: () => ({ Listenres: [] }),
    },
  },
  {
    id: "autoscaling",
    operations: {
      DeleteAutoScalingGroup: () => {
        throw new AwsError("ResourceInUse", "You cannot delete an AutoScalingGroup while there are instances");
      },
    },
  },
  {
    id: "sts",
    operations: {
      GetCallerIdentity: (_input, context) => ({ Account: context.accountId, Arn: `region ${context.region}` }),
    },
  },
  {
    id: "ec2",
    operations: {
      DeleteSecurityGroup: () => {
        throw new AwsError("InvalidGroup.NotFound", "The security group 'sg-1' does not exist");
      },
      CreateSecurityGroup: () => ({ GroupId: "sg-1" }),
    },
  },
  {
    id: "ssm",
    operations: {
      GetParameter: () => {
        throw new AwsError("ParameterNotFound", "");
      },
    },
  },
  {
    id: "cloudwatch",
    operations: {
      PutMetricData: (input) => {
        if (input.MetricData.length !== 1000) throw new AwsError("InvalidParameterValue", "not all of it");
      },
      ListTagsForResource: () => {
        throw new AwsError("ResourceNotFoundException", "no such alarm", 404);
      },
      DeleteAlarms: () => {
        throw new AwsError("ResourceNotFound", "no such alarm");
      },
    },
  },
];
