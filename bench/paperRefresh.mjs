// A thousand paper instances in one group, refreshed in batches of a hundred at speed 60, several times over: how long it takes, and how
// long the API takes to answer meanwhile.
import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { DescribeInstanceRefreshesCommand, StartInstanceRefreshCommand } from "@aws-sdk/client-auto-scaling";
import { CreateLaunchTemplateVersionCommand } from "@aws-sdk/client-ec2";
import { clients, createFleet, healthyVersions, NAME, startPaperCloud, template, until } from "./paperFleet.mjs";
import { median } from "./statistics.mjs";

const SPEED = 60;
const SERVERS = 1000;
const BATCH = 100;
const REFRESHES = 3;
/** Milliseconds between an answer and the next question. */
const ASK_AFTER_MS = 20;
const MOST_SECONDS = 60;
const MOST_API_MS = 20;

export async function benchPaperRefresh({ root, verdict, servers = SERVERS, batch = BATCH, refreshes = REFRESHES }) {
  const cloud = await startPaperCloud(root, { speed: SPEED });
  try {
    const { url } = cloud;
    const aws = clients(url);
    const fleet = await createFleet(aws, servers);
    const allHealthyOn = async (version) => (await healthyVersions(aws, fleet)).get(version) === servers;
    await until(`${servers} servers are healthy`, 120, () => allHealthyOn(1));

    const runs = [];
    for (let version = 2; version <= 1 + refreshes; version++) {
      const watch = watchApi(url, fleet);
      const started = performance.now();
      await refreshGroup(aws, fleet, { version, servers, batch });
      const seconds = (performance.now() - started) / 1000;
      runs.push({ seconds, times: await watch.end() });
      if (!(await allHealthyOn(version))) throw new Error(`after the refresh not all are healthy on v${version}`);
    }

    const seconds = median(runs.map((run) => run.seconds));
    verdict.ratio(
      `a refresh of ${servers} paper instances against ${MOST_SECONDS} s`,
      seconds / MOST_SECONDS,
      1,
      `${seconds.toFixed(1)} s, the median of ${runs.length}`,
    );
    const times = runs.flatMap((run) => run.times);
    const p99 = quantile(times, 0.99);
    const each = runs.map((run) => quantile(run.times, 0.99).toFixed(1)).join(", ");
    verdict.ratio(
      `p99 of the API meanwhile against ${MOST_API_MS} ms`,
      p99 / MOST_API_MS,
      1,
      `p50 ${quantile(times, 0.5).toFixed(1)}, p99 ${p99.toFixed(1)} ms of all ${times.length} calls (of each refresh: ${each})`,
    );
  } finally {
    await cloud.close();
  }
}

async function refreshGroup({ ec2, autoscaling }, { templateId }, { version, servers, batch }) {
  await ec2.send(
    new CreateLaunchTemplateVersionCommand({
      LaunchTemplateId: templateId,
      LaunchTemplateData: template(`v${version}`),
    }),
  );
  const launchTemplate = { LaunchTemplateId: templateId, Version: String(version) };
  const Preferences = {
    // No surge: a load balancer has at most a thousand targets (ALB quotas).
    MinHealthyPercentage: 100 - Math.round((100 * batch) / servers),
    MaxHealthyPercentage: 100,
    InstanceWarmup: 0,
  };
  await autoscaling.send(
    new StartInstanceRefreshCommand({
      AutoScalingGroupName: NAME,
      DesiredConfiguration: { LaunchTemplate: launchTemplate },
      Preferences,
    }),
  );
  await until("the refresh has succeeded", 300, async () => {
    const { InstanceRefreshes } = await autoscaling.send(
      new DescribeInstanceRefreshesCommand({ AutoScalingGroupName: NAME }),
    );
    const { Status, StatusReason } = InstanceRefreshes[0];
    if (["Failed", "Cancelled", "RollbackFailed", "RollbackSuccessful"].includes(Status))
      throw new Error(`${Status}: ${StatusReason}`);
    return Status === "Successful";
  });
}

/** What a gate and an onlooker ask, some forty times a second, each timed (ms) from the request to the last byte of the answer. */
function watchApi(url, { targetGroupArn }) {
  const times = [];
  const calls = [
    ["elasticloadbalancing", { Action: "DescribeTargetHealth", Version: "2015-12-01", TargetGroupArn: targetGroupArn }],
    ["autoscaling", { Action: "DescribeInstanceRefreshes", Version: "2011-01-01", AutoScalingGroupName: NAME }],
    ["autoscaling", { Action: "DescribeScalingActivities", Version: "2011-01-01", AutoScalingGroupName: NAME }],
    [
      "autoscaling",
      { Action: "DescribeAutoScalingGroups", Version: "2011-01-01", "AutoScalingGroupNames.member.1": NAME },
    ],
  ];
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let going = true;
  const ended = (async () => {
    for (let i = 0; going; i++) {
      const [service, form] = calls[i % calls.length];
      times.push(await timeCall(agent, url, service, form));
      await sleep(ASK_AFTER_MS);
    }
  })();
  return {
    end: () => {
      going = false;
      return ended.then(() => times).finally(() => agent.destroy());
    },
  };
}

/**
 * Milliseconds that a call takes. Its answer, up to half a megabyte, is dropped as it comes: whoever keeps it measures the bench's own
 * collection of garbage as well.
 */
function timeCall(agent, url, service, form) {
  const body = new URLSearchParams(form).toString();
  const headers = {
    authorization: `AWS4-HMAC-SHA256 Credential=bench/20250101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
    "content-type": "application/x-www-form-urlencoded",
    "content-length": body.length,
  };
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const question = request(url, { method: "POST", agent, headers }, (answer) => {
      answer.on("error", reject);
      answer.on("end", () => {
        const ms = performance.now() - started;
        if (answer.statusCode === 200) resolve(ms);
        else reject(new Error(`${form.Action}: ${answer.statusCode}`));
      });
      answer.resume();
    });
    question.on("error", reject);
    question.end(body);
  });
}

function quantile(values, share) {
  return [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))];
}
