import type {
  CreateTargetGroupCommandInput,
  ModifyTargetGroupCommandInput,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { HealthCheckSettings } from "../model.js";
import { invalid, notServed, requireOneOf, requireRange } from "../refusals.js";

/** What a target group's health check is when nothing is said (ALB guide, "Health check settings"). */
export const healthCheckDefaults: HealthCheckSettings = {
  enabled: true,
  protocol: "HTTP",
  port: "traffic-port",
  path: "/",
  intervalSeconds: 30,
  timeoutSeconds: 5,
  healthyThreshold: 5,
  unhealthyThreshold: 2,
  matcher: "200",
};

type HealthCheckInput = CreateTargetGroupCommandInput | ModifyTargetGroupCommandInput;

/** The current settings with the caller's on top, within AWS's ranges (botocore model). */
export function healthCheckSettings(
  current: HealthCheckSettings,
  input: Omit<HealthCheckInput, "Name">,
): HealthCheckSettings {
  const intervalSeconds =
    range("Health check interval", input.HealthCheckIntervalSeconds, 5, 300) ?? current.intervalSeconds;
  const timeoutSeconds =
    range("Health check timeout", input.HealthCheckTimeoutSeconds, 2, 120) ?? current.timeoutSeconds;
  if (timeoutSeconds >= intervalSeconds) {
    throw invalid(`Health check timeout '${timeoutSeconds}' must be smaller than the interval '${intervalSeconds}'`);
  }
  if (input.HealthCheckEnabled === false) {
    throw invalid("Health check enabled must be true for target groups with target type 'instance' or 'ip'");
  }
  return {
    enabled: true,
    protocol:
      input.HealthCheckProtocol === undefined
        ? current.protocol
        : requireOneOf("Health check protocol", input.HealthCheckProtocol, ["HTTP", "HTTPS"]),
    port: input.HealthCheckPort === undefined ? current.port : requirePort(input.HealthCheckPort),
    path: input.HealthCheckPath === undefined ? current.path : requirePath(input.HealthCheckPath),
    intervalSeconds,
    timeoutSeconds,
    healthyThreshold: range("Healthy threshold count", input.HealthyThresholdCount, 2, 10) ?? current.healthyThreshold,
    unhealthyThreshold:
      range("Unhealthy threshold count", input.UnhealthyThresholdCount, 2, 10) ?? current.unhealthyThreshold,
    matcher: input.Matcher === undefined ? current.matcher : requireMatcher(input.Matcher),
  };
}

function range(name: string, value: number | undefined, min: number, max: number): number | undefined {
  return value === undefined ? undefined : requireRange(name, value, min, max);
}

function requirePort(port: string): string {
  if (port === "traffic-port") return port;
  if (/^\d+$/.test(port) && Number(port) >= 1 && Number(port) <= 65535) return port;
  throw invalid(`Health check port '${port}' must be 'traffic-port' or a number between 1 and 65535`);
}

function requirePath(path: string): string {
  if (path.length < 1 || path.length > 1024) throw invalid("Health check path must be 1 to 1024 characters long");
  if (!path.startsWith("/")) throw invalid(`Health check path '${path}' must begin with a '/' character`);
  return path;
}

/** Codes 200 to 499: one, a list, or a range. */
function requireMatcher(matcher: { HttpCode?: string; GrpcCode?: string }): string {
  if (matcher.GrpcCode !== undefined) throw notServed("gRPC health checks");
  const { HttpCode: codes = "" } = matcher;
  const fits = codes.split(",").every((part) => {
    const [low = "", high = low, ...rest] = part.split("-");
    const inRange = (code: string): boolean => /^[234]\d\d$/.test(code);
    return rest.length === 0 && inRange(low) && inRange(high) && Number(low) <= Number(high);
  });
  if (!fits) throw invalid(`Health check matcher HTTP code '${codes}' must be within '200-499'`);
  return codes;
}
