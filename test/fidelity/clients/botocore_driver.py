"""Drives every operation that the local cloud serves with botocore, and holds each parsed answer to AWS's model.

Reads {"served": {service: [operation, ...]}} on stdin; prints {"faults": [...], "missed": [...], "called": n} on stdout.
"""

import json
import sys
import time
from base64 import b64encode

import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.model import ListShape, MapShape, StringShape, StructureShape
from botocore.validate import ParamValidator

SERVICES = {"autoscaling": "autoscaling", "cloudwatch": "cloudwatch", "ec2": "ec2", "elbv2": "elbv2", "ssm": "ssm", "sts": "sts"}
session = botocore.session.get_session()
settings = Config(retries={"total_max_attempts": 1})
clients = {name: session.create_client(service, config=settings) for name, service in SERVICES.items()}
todo = json.load(sys.stdin)
called, faults = set(), []


def check(shape, value, at):
    """What of a parsed answer is not as the model says: enum members, and types and required members by botocore itself."""
    if isinstance(shape, StructureShape):
        for name, item in value.items():
            if name in shape.members:
                check(shape.members[name], item, f"{at}.{name}")
            else:
                faults.append(f"{at} has {name}, which {shape.name} does not")
    elif isinstance(shape, ListShape):
        for index, item in enumerate(value):
            check(shape.member, item, f"{at}[{index}]")
    elif isinstance(shape, MapShape):
        for key, item in value.items():
            check(shape.value, item, f"{at}.{key}")
    elif isinstance(shape, StringShape) and shape.enum and value not in shape.enum:
        faults.append(f'{at} is "{value}", which is none of {shape.enum[:8]}')


def call(service, operation, **params):
    """One call; its parsed answer, checked."""
    client = clients[service]
    model = client.meta.service_model.operation_model(operation)
    called.add((service, operation))
    answer = client._make_api_call(operation, params)
    metadata = answer.pop("ResponseMetadata")
    if not metadata.get("RequestId"):
        faults.append(f"{service}:{operation} has no request id")
    if model.output_shape is not None:
        check(model.output_shape, answer, f"{service}:{operation}")
        report = ParamValidator().validate(answer, model.output_shape)
        if report.has_errors():
            faults.append(f"{service}:{operation}: {report.generate_report()}")
    return answer


def expect(code, service, operation, **params):
    """A call that must be refused with that code."""
    called.add((service, operation))
    try:
        clients[service]._make_api_call(operation, params)
    except ClientError as error:
        if error.response["Error"]["Code"] != code:
            faults.append(f"{service}:{operation} was refused with {error.response['Error']}, not {code}")
    else:
        faults.append(f"{service}:{operation} was not refused with {code}")


def until(what, holds):
    deadline = time.monotonic() + 45
    while not holds():
        if time.monotonic() > deadline:
            raise RuntimeError(f"not within 45 s: {what}")
        time.sleep(0.1)


def network():
    call("sts", "GetCallerIdentity")
    call("sts", "AssumeRole", RoleArn="arn:aws:iam::123456789012:role/any", RoleSessionName="boto")
    call("ssm", "PutParameter", Name="/boto", Value="1", Type="String")
    call("ssm", "GetParameter", Name="/boto")
    call("ssm", "GetParameters", Names=["/boto", "/none"])
    call("ssm", "DeleteParameter", Name="/boto")
    for operation in ("DescribeAccountAttributes", "DescribeRegions", "DescribeAvailabilityZones", "DescribeRouteTables", "DescribeTags"):
        call("ec2", operation)
    call("ec2", "DescribeInstanceTypes", InstanceTypes=["t3.micro"])
    images = call("ec2", "DescribeImages", Owners=["amazon"])["Images"]
    vpc = call("ec2", "CreateVpc", CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    subnet = call("ec2", "CreateSubnet", VpcId=vpc, CidrBlock="10.9.0.0/24")["Subnet"]["SubnetId"]
    call("ec2", "ModifyVpcAttribute", VpcId=vpc, EnableDnsHostnames={"Value": True})
    call("ec2", "DescribeVpcAttribute", VpcId=vpc, Attribute="enableDnsHostnames")
    call("ec2", "CreateTags", Resources=[vpc], Tags=[{"Key": "a", "Value": "b"}])
    call("ec2", "DeleteTags", Resources=[vpc], Tags=[{"Key": "a"}])
    call("ec2", "DeleteSubnet", SubnetId=subnet)
    call("ec2", "DeleteVpc", VpcId=vpc)
    home = call("ec2", "DescribeVpcs", Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"][0]["VpcId"]
    subnets = [one["SubnetId"] for one in call("ec2", "DescribeSubnets")["Subnets"]]
    group = call("ec2", "CreateSecurityGroup", GroupName="boto", Description="boto", VpcId=home)["GroupId"]
    permission = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": "x"}]}
    for way in ("Ingress", "Egress"):
        call("ec2", f"AuthorizeSecurityGroup{way}", GroupId=group, IpPermissions=[permission])
        call("ec2", f"UpdateSecurityGroupRuleDescriptions{way}", GroupId=group, IpPermissions=[permission])
    rules = call("ec2", "DescribeSecurityGroupRules", Filters=[{"Name": "group-id", "Values": [group]}])["SecurityGroupRules"]
    rule = next(one["SecurityGroupRuleId"] for one in rules if not one["IsEgress"])
    changed = {"IpProtocol": "tcp", "FromPort": 81, "ToPort": 81, "CidrIpv4": "10.0.0.0/8"}
    call("ec2", "ModifySecurityGroupRules", GroupId=group, SecurityGroupRules=[{"SecurityGroupRuleId": rule, "SecurityGroupRule": changed}])
    call("ec2", "RevokeSecurityGroupIngress", GroupId=group, SecurityGroupRuleIds=[rule])
    call("ec2", "RevokeSecurityGroupEgress", GroupId=group, IpPermissions=[permission])
    call("ec2", "DescribeSecurityGroups", GroupIds=[group])
    call("ec2", "DescribeNetworkInterfaces")
    return home, subnets, group, images[0]["ImageId"]


def template(image):
    data = {"ImageId": image, "InstanceType": "t3.micro", "UserData": b64encode(b"#!/bin/bash\nexec sleep 3600\n").decode()}
    made = call("ec2", "CreateLaunchTemplate", LaunchTemplateName="boto", LaunchTemplateData=data)["LaunchTemplate"]["LaunchTemplateId"]
    for _ in range(2):
        call("ec2", "CreateLaunchTemplateVersion", LaunchTemplateId=made, SourceVersion="1", LaunchTemplateData={"InstanceType": "t3.small"})
    call("ec2", "ModifyLaunchTemplate", LaunchTemplateId=made, DefaultVersion="2")
    call("ec2", "DescribeLaunchTemplates", LaunchTemplateIds=[made])
    call("ec2", "DescribeLaunchTemplateVersions", LaunchTemplateId=made)
    call("ec2", "DeleteLaunchTemplateVersions", LaunchTemplateId=made, Versions=["3"])
    return made


def instances(image, subnets):
    run = call("ec2", "RunInstances", ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1, SubnetId=subnets[0])
    one = run["Instances"][0]["InstanceId"]
    call("ec2", "DescribeInstances", InstanceIds=[one])
    call("ec2", "DescribeInstanceStatus", IncludeAllInstances=True)
    call("ec2", "ModifyInstanceAttribute", InstanceId=one, DisableApiTermination={"Value": False})
    call("ec2", "DescribeInstanceAttribute", InstanceId=one, Attribute="disableApiTermination")
    call("ec2", "GetConsoleOutput", InstanceId=one)
    return one


def balancer(vpc, subnets, group, instance):
    made = call("elbv2", "CreateLoadBalancer", Name="boto", Subnets=subnets, SecurityGroups=[group], Tags=[{"Key": "a", "Value": "b"}])
    lb = made["LoadBalancers"][0]["LoadBalancerArn"]
    call("elbv2", "DescribeLoadBalancers", Names=["boto"])
    call("elbv2", "DescribeLoadBalancerAttributes", LoadBalancerArn=lb)
    call("elbv2", "ModifyLoadBalancerAttributes", LoadBalancerArn=lb, Attributes=[{"Key": "idle_timeout.timeout_seconds", "Value": "30"}])
    call("elbv2", "SetSecurityGroups", LoadBalancerArn=lb, SecurityGroups=[group])
    call("elbv2", "SetSubnets", LoadBalancerArn=lb, Subnets=subnets[:2])
    call("elbv2", "SetIpAddressType", LoadBalancerArn=lb, IpAddressType="ipv4")
    call("elbv2", "DescribeAccountLimits")
    call("elbv2", "DescribeCapacityReservation", LoadBalancerArn=lb)
    target = {"Protocol": "HTTP", "Port": 80, "VpcId": vpc}
    tg = call("elbv2", "CreateTargetGroup", Name="boto", **target)["TargetGroups"][0]["TargetGroupArn"]
    call("elbv2", "DescribeTargetGroups", Names=["boto"])
    call("elbv2", "ModifyTargetGroup", TargetGroupArn=tg, HealthCheckPath="/x")
    call("elbv2", "DescribeTargetGroupAttributes", TargetGroupArn=tg)
    call("elbv2", "ModifyTargetGroupAttributes", TargetGroupArn=tg, Attributes=[{"Key": "deregistration_delay.timeout_seconds", "Value": "0"}])
    call("elbv2", "RegisterTargets", TargetGroupArn=tg, Targets=[{"Id": instance}])
    call("elbv2", "DescribeTargetHealth", TargetGroupArn=tg)
    call("elbv2", "DeregisterTargets", TargetGroupArn=tg, Targets=[{"Id": instance}])
    forward = [{"Type": "forward", "TargetGroupArn": tg}]
    listener = call("elbv2", "CreateListener", LoadBalancerArn=lb, Protocol="HTTP", Port=7844, DefaultActions=forward)["Listeners"][0]["ListenerArn"]
    call("elbv2", "DescribeListeners", LoadBalancerArn=lb)
    call("elbv2", "ModifyListener", ListenerArn=listener, DefaultActions=forward)
    call("elbv2", "DescribeListenerAttributes", ListenerArn=listener)
    call("elbv2", "ModifyListenerAttributes", ListenerArn=listener, Attributes=[{"Key": "routing.http.response.server.enabled", "Value": "true"}])
    call("elbv2", "DescribeListenerCertificates", ListenerArn=listener)
    conditions = [{"Field": "path-pattern", "Values": ["/x"]}]
    rule = call("elbv2", "CreateRule", ListenerArn=listener, Priority=5, Conditions=conditions, Actions=forward)["Rules"][0]["RuleArn"]
    call("elbv2", "DescribeRules", ListenerArn=listener)
    call("elbv2", "ModifyRule", RuleArn=rule, Conditions=conditions)
    call("elbv2", "SetRulePriorities", RulePriorities=[{"RuleArn": rule, "Priority": 6}])
    call("elbv2", "AddTags", ResourceArns=[rule], Tags=[{"Key": "a", "Value": "b"}])
    call("elbv2", "DescribeTags", ResourceArns=[rule, lb])
    call("elbv2", "RemoveTags", ResourceArns=[rule], TagKeys=["a"])
    call("elbv2", "DeleteRule", RuleArn=rule)
    return lb, tg, listener


def alarms():
    metric = {"Namespace": "boto", "MetricName": "n"}
    call("cloudwatch", "PutMetricData", Namespace="boto", MetricData=[{"MetricName": "n", "Value": 5.0}])
    call("cloudwatch", "ListMetrics", Namespace="boto")
    span = {"StartTime": time.time() - 600, "EndTime": time.time() + 60}
    call("cloudwatch", "GetMetricStatistics", **metric, **span, Period=60, Statistics=["Sum"])
    query = {"Id": "a", "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Sum"}}
    call("cloudwatch", "GetMetricData", MetricDataQueries=[query], **span)
    alarm = {"AlarmName": "boto", "EvaluationPeriods": 1, "Threshold": 1.0, "ComparisonOperator": "GreaterThanThreshold"}
    call("cloudwatch", "PutMetricAlarm", **alarm, **metric, Period=60, Statistic="Sum", Tags=[{"Key": "a", "Value": "b"}])
    arn = call("cloudwatch", "DescribeAlarms", AlarmNames=["boto"])["MetricAlarms"][0]["AlarmArn"]
    call("cloudwatch", "DescribeAlarmsForMetric", **metric)
    call("cloudwatch", "SetAlarmState", AlarmName="boto", StateValue="OK", StateReason="test")
    call("cloudwatch", "DisableAlarmActions", AlarmNames=["boto"])
    call("cloudwatch", "EnableAlarmActions", AlarmNames=["boto"])
    call("cloudwatch", "TagResource", ResourceARN=arn, Tags=[{"Key": "c", "Value": "d"}])
    call("cloudwatch", "ListTagsForResource", ResourceARN=arn)
    call("cloudwatch", "UntagResource", ResourceARN=arn, TagKeys=["c"])
    call("cloudwatch", "DescribeAlarmHistory", AlarmName="boto")
    call("cloudwatch", "DeleteAlarms", AlarmNames=["boto"])


def group(lt, subnets, tg):
    scaling = lambda operation, **params: call("autoscaling", operation, AutoScalingGroupName="boto", **params)
    plain = lambda operation, **params: call("autoscaling", operation, **params)
    made = {"LaunchTemplateId": lt, "Version": "1"}
    scaling("CreateAutoScalingGroup", MinSize=0, MaxSize=4, DesiredCapacity=2, LaunchTemplate=made, VPCZoneIdentifier=",".join(subnets))
    state = lambda: scaling_group()["Instances"]

    def scaling_group():
        return plain("DescribeAutoScalingGroups", AutoScalingGroupNames=["boto"])["AutoScalingGroups"][0]

    in_service = lambda: [one["InstanceId"] for one in state() if one["LifecycleState"] == "InService"]
    until("two instances in service", lambda: len(in_service()) == 2)
    first = in_service()[0]
    for operation in ("DescribeAccountLimits", "DescribeAdjustmentTypes", "DescribeAutoScalingInstances", "DescribeLaunchConfigurations",
                      "DescribeLifecycleHookTypes", "DescribeMetricCollectionTypes", "DescribeNotificationConfigurations",
                      "DescribeScalingProcessTypes", "DescribeScheduledActions", "DescribeTags", "DescribeTerminationPolicyTypes"):
        plain(operation)
    tag = {"ResourceId": "boto", "ResourceType": "auto-scaling-group", "Key": "a"}
    plain("CreateOrUpdateTags", Tags=[{**tag, "Value": "b", "PropagateAtLaunch": True}])
    plain("DeleteTags", Tags=[tag])
    scaling("AttachLoadBalancerTargetGroups", TargetGroupARNs=[tg])
    scaling("DescribeLoadBalancerTargetGroups")
    scaling("DescribeLoadBalancers")
    scaling("DetachLoadBalancerTargetGroups", TargetGroupARNs=[tg])
    gone = lambda: not scaling("DescribeTrafficSources")["TrafficSources"]
    until("detached", gone)
    scaling("AttachTrafficSources", TrafficSources=[{"Identifier": tg, "Type": "elbv2"}])
    scaling("DetachTrafficSources", TrafficSources=[{"Identifier": tg, "Type": "elbv2"}])
    scaling("DescribeWarmPool")
    scaling("EnableMetricsCollection", Granularity="1Minute")
    scaling("DisableMetricsCollection")
    scaling("SuspendProcesses", ScalingProcesses=["AZRebalance"])
    scaling("ResumeProcesses", ScalingProcesses=["AZRebalance"])
    scaling("UpdateAutoScalingGroup", MaxSize=5)
    scaling("SetDesiredCapacity", DesiredCapacity=2)
    scaling("SetInstanceProtection", InstanceIds=[first], ProtectedFromScaleIn=False)
    plain("SetInstanceHealth", InstanceId=first, HealthStatus="Healthy")
    scaling("EnterStandby", InstanceIds=[first], ShouldDecrementDesiredCapacity=True)
    until("in standby", lambda: any(one["LifecycleState"] == "Standby" for one in state()))
    scaling("ExitStandby", InstanceIds=[first])
    scaling("PutScalingPolicy", PolicyName="p", PolicyType="SimpleScaling", AdjustmentType="ChangeInCapacity", ScalingAdjustment=1)
    scaling("DescribePolicies")
    scaling("ExecutePolicy", PolicyName="p")
    scaling("DeletePolicy", PolicyName="p")
    until("three instances in service", lambda: len(in_service()) == 3)
    scaling("PutLifecycleHook", LifecycleHookName="h", LifecycleTransition="autoscaling:EC2_INSTANCE_LAUNCHING", HeartbeatTimeout=600)
    scaling("DescribeLifecycleHooks")
    scaling("SetDesiredCapacity", DesiredCapacity=4)
    waits = lambda: [one["InstanceId"] for one in state() if one["LifecycleState"] == "Pending:Wait"]
    until("an instance waits at its hook", waits)
    hook = {"LifecycleHookName": "h", "InstanceId": waits()[0]}
    scaling("RecordLifecycleActionHeartbeat", **hook)
    scaling("CompleteLifecycleAction", **hook, LifecycleActionResult="CONTINUE")
    scaling("DeleteLifecycleHook", LifecycleHookName="h")
    until("four instances in service", lambda: len(in_service()) == 4)
    plain("TerminateInstanceInAutoScalingGroup", InstanceId=in_service()[-1], ShouldDecrementDesiredCapacity=True)
    desired = {"LaunchTemplate": {"LaunchTemplateId": lt, "Version": "2"}}
    scaling("StartInstanceRefresh", DesiredConfiguration=desired, Preferences={"InstanceWarmup": 0, "MinHealthyPercentage": 90})
    scaling("DescribeInstanceRefreshes")
    scaling("RollbackInstanceRefresh")
    scaling("CancelInstanceRefresh", WaitForTransitioningInstances=False)
    scaling("DescribeScalingActivities")
    for operation, params in {
        "AttachInstances": {"InstanceIds": [first]},
        "DetachInstances": {"InstanceIds": [first], "ShouldDecrementDesiredCapacity": True},
        "AttachLoadBalancers": {"LoadBalancerNames": ["x"]},
        "PutNotificationConfiguration": {"TopicARN": "arn:aws:sns:us-east-1:1:x", "NotificationTypes": ["x"]},
        "PutScheduledUpdateGroupAction": {"ScheduledActionName": "x"},
        "PutWarmPool": {},
        "DeleteWarmPool": {},
    }.items():
        expect("ValidationError", "autoscaling", operation, AutoScalingGroupName="boto", **params)
    expect("ValidationError", "autoscaling", "CreateLaunchConfiguration", LaunchConfigurationName="x")
    scaling("DeleteAutoScalingGroup", ForceDelete=True)
    until("the group is gone", lambda: not plain("DescribeAutoScalingGroups", AutoScalingGroupNames=["boto"])["AutoScalingGroups"])


# A check that finds nothing must be able to find something.
health = clients["elbv2"].meta.service_model.operation_model("DescribeTargetHealth").output_shape
check(health, {"TargetHealthDescriptions": [{"TargetHealth": {"State": "fine"}}], "More": 1}, "a doctored answer")
assert len(faults) == 2, faults
faults.clear()

vpc, subnets, security, image = network()
lt = template(image)
instance = instances(image, subnets)
lb, tg, listener = balancer(vpc, subnets, security, instance)
alarms()
group(lt, subnets, tg)
call("elbv2", "DeleteListener", ListenerArn=listener)
call("elbv2", "DeleteLoadBalancer", LoadBalancerArn=lb)
call("elbv2", "DeleteTargetGroup", TargetGroupArn=tg)
call("ec2", "TerminateInstances", InstanceIds=[instance])
until("the instance is gone", lambda: call("ec2", "DescribeInstances", InstanceIds=[instance])["Reservations"][0]["Instances"][0]["State"]["Name"] == "terminated")
call("ec2", "DeleteLaunchTemplate", LaunchTemplateId=lt)
call("ec2", "DeleteSecurityGroup", GroupId=security)
missed = [f"{service}:{name}" for service, names in todo["served"].items() for name in names if (service, name) not in called]
print(json.dumps({"faults": faults, "missed": missed, "called": len(called)}))
