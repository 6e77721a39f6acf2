#!/bin/bash
# A balanced group from nothing with the AWS CLI: weights shifted, an instance refresh, everything taken down again.
set -euo pipefail
aws() { "$AWS" --output text "$@"; }
step() { echo "step: $*"; }
until_is() { # until_is EXPECTED COMMAND...: asks again until the answer is that
  local expected=$1 answer=""; shift
  for _ in $(seq 150); do
    answer=$("$@" | tr '\t' ' ')
    [ "$answer" = "$expected" ] && return 0
    sleep 0.3
  done
  echo "never \"$expected\" but \"$answer\": $*" >&2
  exit 1
}

step network
subnets=$(aws ec2 describe-subnets --query 'Subnets[].SubnetId')
vpc=$(aws ec2 describe-vpcs --filters Name=is-default,Values=true --query 'Vpcs[0].VpcId')
ami=$(aws ssm get-parameter --name /aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64 --query Parameter.Value)
group=$(aws ec2 create-security-group --group-name cli --description cli --vpc-id "$vpc" --query GroupId)
aws ec2 authorize-security-group-ingress --group-id "$group" --protocol tcp --port 80 --cidr 10.0.0.0/8 >/dev/null

step balancer
lb=$(aws elbv2 create-load-balancer --name cli --subnets $subnets --security-groups "$group" --query 'LoadBalancers[0].LoadBalancerArn')
dns=$(aws elbv2 describe-load-balancers --names cli --query 'LoadBalancers[0].DNSName')
for colour in blue green; do
  aws elbv2 create-target-group --name "cli-$colour" --protocol HTTP --port 80 --vpc-id "$vpc" \
    --health-check-interval-seconds 5 --health-check-timeout-seconds 4 >/dev/null
done
blue=$(aws elbv2 describe-target-groups --names cli-blue --query 'TargetGroups[0].TargetGroupArn')
green=$(aws elbv2 describe-target-groups --names cli-green --query 'TargetGroups[0].TargetGroupArn')
aws elbv2 modify-target-group-attributes --target-group-arn "$blue" --attributes Key=deregistration_delay.timeout_seconds,Value=5 >/dev/null
listener=$(aws elbv2 create-listener --load-balancer-arn "$lb" --protocol HTTP --port 7845 \
  --default-actions "Type=forward,TargetGroupArn=$blue" --query 'Listeners[0].ListenerArn')

step group
template=$(aws ec2 create-launch-template --launch-template-name cli \
  --launch-template-data "{\"ImageId\":\"$ami\",\"InstanceType\":\"t3.micro\",\"UserData\":\"$USER_DATA\"}" \
  --query LaunchTemplate.LaunchTemplateId)
aws autoscaling create-auto-scaling-group --auto-scaling-group-name cli --min-size 2 --max-size 4 \
  --launch-template "LaunchTemplateId=$template,Version=1" --target-group-arns "$blue" \
  --vpc-zone-identifier "${subnets//$'\t'/,}" --health-check-type ELB --health-check-grace-period 60 \
  --tags Key=team,Value=cli,PropagateAtLaunch=true
health() { aws elbv2 describe-target-health --target-group-arn "$blue" --query 'TargetHealthDescriptions[].TargetHealth.State'; }
until_is "healthy healthy" health
answer=$("$NODE" -e 'fetch(process.argv[1]).then((r) => r.text()).then((text) => process.stdout.write(text))' "http://$dns:7845/")
[ "$answer" = hello ]

step weights
aws elbv2 modify-listener --listener-arn "$listener" --default-actions \
  "[{\"Type\":\"forward\",\"ForwardConfig\":{\"TargetGroups\":[{\"TargetGroupArn\":\"$blue\",\"Weight\":70},{\"TargetGroupArn\":\"$green\",\"Weight\":30}]}}]" >/dev/null
weights=$(aws elbv2 describe-listeners --listener-arns "$listener" --query 'Listeners[0].DefaultActions[0].ForwardConfig.TargetGroups[].Weight')
[ "$weights" = $'70\t30' ]
rule=$(aws elbv2 create-rule --listener-arn "$listener" --priority 10 --conditions Field=path-pattern,Values=/green/* \
  --actions "Type=forward,TargetGroupArn=$green" --query 'Rules[0].RuleArn')
aws elbv2 delete-rule --rule-arn "$rule"

step refresh
aws ec2 create-launch-template-version --launch-template-id "$template" --source-version 1 --launch-template-data '{"InstanceType":"t3.small"}' >/dev/null
refresh=$(aws autoscaling start-instance-refresh --auto-scaling-group-name cli \
  --desired-configuration "{\"LaunchTemplate\":{\"LaunchTemplateId\":\"$template\",\"Version\":\"2\"}}" \
  --preferences '{"MinHealthyPercentage":100,"MaxHealthyPercentage":200,"InstanceWarmup":0}' --query InstanceRefreshId)
state() { aws autoscaling describe-instance-refreshes --auto-scaling-group-name cli --instance-refresh-ids "$refresh" --query 'InstanceRefreshes[0].Status'; }
until_is Successful state
version=$(aws autoscaling describe-auto-scaling-groups --auto-scaling-group-names cli --query 'AutoScalingGroups[0].LaunchTemplate.Version')
[ "$version" = 2 ]

step alarm
aws cloudwatch put-metric-alarm --alarm-name cli --namespace AWS/ApplicationELB --metric-name HTTPCode_Target_5XX_Count \
  --dimensions "Name=LoadBalancer,Value=${lb#*loadbalancer/}" --statistic Sum --period 60 --evaluation-periods 1 --threshold 1 \
  --comparison-operator GreaterThanOrEqualToThreshold --treat-missing-data notBreaching
[ "$(aws cloudwatch describe-alarms --alarm-names cli --query 'MetricAlarms[0].AlarmName')" = cli ]
aws cloudwatch delete-alarms --alarm-names cli

step teardown
aws autoscaling delete-auto-scaling-group --auto-scaling-group-name cli --force-delete
groups() { aws autoscaling describe-auto-scaling-groups --auto-scaling-group-names cli --query 'length(AutoScalingGroups)'; }
until_is 0 groups
aws elbv2 delete-load-balancer --load-balancer-arn "$lb"
aws elbv2 delete-target-group --target-group-arn "$blue"
aws elbv2 delete-target-group --target-group-arn "$green"
aws ec2 delete-launch-template --launch-template-id "$template" >/dev/null
aws ec2 delete-security-group --group-id "$group" >/dev/null
if message=$("$AWS" elbv2 describe-load-balancers --names cli 2>&1); then echo "still there: $message" >&2; exit 1; fi
[[ $message == *"(LoadBalancerNotFound)"* ]]
echo done
