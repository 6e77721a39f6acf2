"""Sends the same calls to moto and to the local cloud (AWS_ENDPOINT_URL) and prints where their answers differ, as JSON."""

import datetime
import json
import logging
import os
import re

import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError
from moto.server import ThreadedMotoServer

logging.getLogger("werkzeug").setLevel(logging.ERROR)
moto = ThreadedMotoServer(port=0, verbose=False)
moto.start()
host, port = moto.get_host_and_port()
endpoints = {"moto": f"http://127.0.0.1:{port}", "cloud": os.environ.pop("AWS_ENDPOINT_URL")}
SERVICES = ("autoscaling", "cloudwatch", "ec2", "elbv2", "ssm", "sts")
GENERATED = re.compile(r"^(arn:|[a-z]+-[0-9a-f]{8,}$|[0-9a-f]{8}-[0-9a-f-]{27}$|AKIA|AROA|AIDA)|\d{1,3}(\.\d{1,3}){3}|\.elb\.amazonaws\.com$|^ami-|^vpc|^subnet")


def label(entry):
    """What tells entries of a list apart, where they have an order of their own."""
    return next((entry[key] for key in ("Key", "VersionNumber", "Priority") if key in entry), "") if isinstance(entry, dict) else ""


def flat(value, path=""):
    """Every leaf of an answer by its path; what is made up by each side counts by its kind only."""
    if isinstance(value, dict):
        return {leaf: item for key in value for leaf, item in flat(value[key], f"{path}.{key}" if path else key).items()}
    if isinstance(value, list):
        if not value:
            return {f"{path}[]": "empty"}
        return {leaf: item for entry in value for leaf, item in flat(entry, f"{path}[{label(entry)}]").items()}
    if isinstance(value, datetime.datetime):
        return {path: "<time>"}
    if isinstance(value, str) and GENERATED.search(value):
        return {path: "<made up>"}
    return {path: value}


class Side:
    """One of the two, with what its own calls made."""

    def __init__(self, url):
        session = botocore.session.get_session()
        settings = Config(retries={"total_max_attempts": 1})
        self.clients = {name: session.create_client(name, endpoint_url=url, config=settings) for name in SERVICES}
        self.answers, self.made = [], {}

    def call(self, service, operation, keep=None, **params):
        try:
            answer = self.clients[service]._make_api_call(operation, params)
            answer.pop("ResponseMetadata")
            self.answers.append((f"{service}:{operation}", flat(answer)))
            if keep:
                name, pick = keep
                self.made[name] = pick(answer)
        except ClientError as error:
            if keep:
                raise  # what follows needs it
            self.answers.append((f"{service}:{operation}", {"refused": error.response["Error"]["Code"]}))


def sequence(side):
    call, made = side.call, side.made
    call("sts", "GetCallerIdentity")
    call("ec2", "DescribeVpcs", keep=("vpc", lambda a: a["Vpcs"][0]["VpcId"]))
    call("ec2", "DescribeSubnets", keep=("subnets", lambda a: [one["SubnetId"] for one in a["Subnets"]][:2]))
    side.answers.clear()  # their default networks are their own
    vpc, subnets = made["vpc"], made["subnets"]
    side.made["image"] = side.clients["ec2"].describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    call("ssm", "PutParameter", Name="/a", Value="1", Type="String")
    call("ssm", "GetParameter", Name="/a")
    call("ssm", "GetParameter", Name="/none")
    call("ec2", "CreateSecurityGroup", keep=("sg", lambda a: a["GroupId"]), GroupName="m", Description="m", VpcId=vpc)
    call("ec2", "CreateSecurityGroup", GroupName="m", Description="m", VpcId=vpc)
    rule = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
    call("ec2", "AuthorizeSecurityGroupIngress", GroupId=made["sg"], IpPermissions=[rule])
    call("ec2", "AuthorizeSecurityGroupIngress", GroupId=made["sg"], IpPermissions=[rule])
    call("ec2", "DescribeSecurityGroups", GroupIds=[made["sg"]])
    call("ec2", "DescribeSecurityGroups", GroupIds=["sg-0123456789abcdef0"])
    data = {"ImageId": made["image"], "InstanceType": "t3.micro"}
    call("ec2", "CreateLaunchTemplate", keep=("lt", lambda a: a["LaunchTemplate"]["LaunchTemplateId"]), LaunchTemplateName="moto", LaunchTemplateData=data)
    call("ec2", "CreateLaunchTemplate", LaunchTemplateName="moto", LaunchTemplateData=data)
    call("ec2", "CreateLaunchTemplateVersion", LaunchTemplateId=made["lt"], SourceVersion="1", LaunchTemplateData={"InstanceType": "t3.small"})
    call("ec2", "DescribeLaunchTemplateVersions", LaunchTemplateId=made["lt"])
    call("ec2", "DescribeLaunchTemplates", LaunchTemplateNames=["none"])

    call("elbv2", "CreateLoadBalancer", keep=("lb", lambda a: a["LoadBalancers"][0]["LoadBalancerArn"]), Name="m", Subnets=subnets, SecurityGroups=[made["sg"]])
    call("elbv2", "DescribeLoadBalancers", Names=["none"])
    call("elbv2", "DescribeLoadBalancerAttributes", LoadBalancerArn=made["lb"])
    for name in ("blue", "green"):
        call("elbv2", "CreateTargetGroup", keep=(name, lambda a: a["TargetGroups"][0]["TargetGroupArn"]), Name=name, Protocol="HTTP", Port=80, VpcId=vpc)
    call("elbv2", "CreateTargetGroup", Name="blue", Protocol="HTTP", Port=81, VpcId=vpc)
    call("elbv2", "DescribeTargetGroups", Names=["none"])
    call("elbv2", "DescribeTargetGroupAttributes", TargetGroupArn=made["blue"])
    call("elbv2", "ModifyTargetGroup", TargetGroupArn=made["blue"], HealthCheckPath="/health")
    forward = lambda *weights: [{"Type": "forward", "ForwardConfig": {"TargetGroups": [{"TargetGroupArn": made[name], "Weight": weight} for name, weight in weights]}}]
    call("elbv2", "CreateListener", keep=("listener", lambda a: a["Listeners"][0]["ListenerArn"]), LoadBalancerArn=made["lb"], Protocol="HTTP", Port=7843, DefaultActions=forward(("blue", 100), ("green", 0)))
    call("elbv2", "CreateListener", LoadBalancerArn=made["lb"], Protocol="HTTP", Port=7843, DefaultActions=forward(("blue", 1)))
    call("elbv2", "ModifyListener", ListenerArn=made["listener"], DefaultActions=forward(("blue", 30), ("green", 70)))
    conditions = [{"Field": "path-pattern", "Values": ["/x"]}]
    call("elbv2", "CreateRule", keep=("rule", lambda a: a["Rules"][0]["RuleArn"]), ListenerArn=made["listener"], Priority=5, Conditions=conditions, Actions=forward(("green", 1)))
    call("elbv2", "CreateRule", ListenerArn=made["listener"], Priority=5, Conditions=[{"Field": "path-pattern", "Values": ["/y"]}], Actions=forward(("green", 1)))
    call("elbv2", "DescribeRules", ListenerArn=made["listener"])
    call("elbv2", "DeleteTargetGroup", TargetGroupArn=made["green"])
    call("elbv2", "AddTags", ResourceArns=[made["lb"]], Tags=[{"Key": "a", "Value": "b"}])
    call("elbv2", "DescribeTags", ResourceArns=[made["lb"]])

    alarm = {"AlarmName": "m", "Namespace": "n", "MetricName": "x", "Statistic": "Sum", "Period": 60, "EvaluationPeriods": 1, "Threshold": 1.0, "ComparisonOperator": "GreaterThanThreshold"}
    call("cloudwatch", "PutMetricAlarm", **alarm)
    call("cloudwatch", "DescribeAlarms", AlarmNames=["m"])
    call("cloudwatch", "DescribeAlarms", AlarmNames=["none"])
    call("cloudwatch", "SetAlarmState", AlarmName="none", StateValue="OK", StateReason="x")
    call("cloudwatch", "DeleteAlarms", AlarmNames=["m"])

    group = {"AutoScalingGroupName": "m"}
    template = {"LaunchTemplateId": made["lt"], "Version": "1"}
    make = {**group, "MinSize": 0, "MaxSize": 2, "LaunchTemplate": template, "VPCZoneIdentifier": ",".join(subnets), "TargetGroupARNs": [made["blue"]]}
    call("autoscaling", "CreateAutoScalingGroup", **make)
    call("autoscaling", "CreateAutoScalingGroup", **make)
    call("autoscaling", "DescribeAutoScalingGroups", AutoScalingGroupNames=["m"])
    call("autoscaling", "UpdateAutoScalingGroup", AutoScalingGroupName="none", MaxSize=1)
    call("autoscaling", "SetDesiredCapacity", **group, DesiredCapacity=5)
    call("autoscaling", "DescribeLoadBalancerTargetGroups", **group)
    call("autoscaling", "PutLifecycleHook", **group, LifecycleHookName="h", LifecycleTransition="autoscaling:EC2_INSTANCE_LAUNCHING")
    call("autoscaling", "DescribeLifecycleHooks", **group)
    call("autoscaling", "PutScalingPolicy", **group, PolicyName="p", PolicyType="SimpleScaling", AdjustmentType="ChangeInCapacity", ScalingAdjustment=1)
    call("autoscaling", "DescribePolicies", **group)
    call("autoscaling", "SuspendProcesses", **group, ScalingProcesses=["AZRebalance"])
    call("autoscaling", "DeleteAutoScalingGroup", **group, ForceDelete=True)
    call("elbv2", "DeleteRule", RuleArn=made["rule"])
    call("elbv2", "DeleteLoadBalancer", LoadBalancerArn=made["lb"])
    call("elbv2", "DeleteTargetGroup", TargetGroupArn=made["green"])
    call("ec2", "DeleteLaunchTemplate", LaunchTemplateId=made["lt"])


sides = {name: Side(url) for name, url in endpoints.items()}
for side in sides.values():
    sequence(side)
moto.stop()
differences, same = [], 0
for (name, ours), (other, theirs) in zip(sides["cloud"].answers, sides["moto"].answers, strict=True):
    assert name == other
    if "refused" in ours or "refused" in theirs:
        if ours.get("refused") == theirs.get("refused"):
            same += 1
        else:
            differences.append(f"{name}: moto {theirs.get('refused', 'takes it')}, the local cloud {ours.get('refused', 'takes it')}")
        continue
    for path in sorted(ours.keys() | theirs.keys()):
        mine, its = ours.get(path, "nothing"), theirs.get(path, "nothing")
        if mine == its:
            same += 1
        else:
            differences.append(f"{name} {path}: moto {its}, the local cloud {mine}")
print(json.dumps({"same": same, "differences": list(dict.fromkeys(differences))}))
