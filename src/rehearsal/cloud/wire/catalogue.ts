import type { ServiceId } from "../service.js";
import { type ErrorSchema, isErrorSchema, isOperationSchema, type OperationSchema } from "./schemas.js";

/** The wire protocols that the local cloud speaks. */
export type ProtocolId = "query" | "ec2Query" | "json" | "cbor";

/** What AWS fixed about a service on the wire; everything else comes from the SDK's schemas. */
export interface ServiceFacts {
  readonly id: ServiceId;
  /** The service's name in the SigV4 credential scope. */
  readonly signingName: string;
  /** `Version` of a query request. */
  readonly apiVersion: string;
  readonly xmlNamespace: string;
  /** Prefix of `X-Amz-Target`, and the service's name in an RPC v2 path. */
  readonly target: string;
  readonly protocols: readonly ProtocolId[];
  /** JSON and CBOR answers carry the query protocol's error code in a header as well (the awsQueryCompatible trait). */
  readonly queryCompatible: boolean;
}

type ClientModule = Readonly<Record<string, unknown>>;

/**
 * The clients are loaded at a service's first call: together they take about half a second, EC2 alone half of that.
 */
const clients: Readonly<Record<ServiceId, () => ClientModule>> = {
  ec2: () => require("@aws-sdk/client-ec2"),
  elbv2: () => require("@aws-sdk/client-elastic-load-balancing-v2"),
  autoscaling: () => require("@aws-sdk/client-auto-scaling"),
  cloudwatch: () => require("@aws-sdk/client-cloudwatch"),
  sts: () => require("@aws-sdk/client-sts"),
  ssm: () => require("@aws-sdk/client-ssm"),
};

/** The services by id; versions, namespaces and targets are those of the botocore models. */
export const catalogue: Readonly<Record<ServiceId, ServiceFacts>> = {
  ec2: {
    id: "ec2",
    signingName: "ec2",
    apiVersion: "2016-11-15",
    xmlNamespace: "http://ec2.amazonaws.com/doc/2016-11-15/",
    target: "AmazonEC2",
    protocols: ["ec2Query"],
    queryCompatible: false,
  },
  elbv2: {
    id: "elbv2",
    signingName: "elasticloadbalancing",
    apiVersion: "2015-12-01",
    xmlNamespace: "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/",
    target: "ElasticLoadBalancing_v10",
    protocols: ["query"],
    queryCompatible: false,
  },
  autoscaling: {
    id: "autoscaling",
    signingName: "autoscaling",
    apiVersion: "2011-01-01",
    xmlNamespace: "http://autoscaling.amazonaws.com/doc/2011-01-01/",
    target: "AutoScaling_2011_01_01",
    protocols: ["query"],
    queryCompatible: false,
  },
  cloudwatch: {
    id: "cloudwatch",
    signingName: "monitoring",
    apiVersion: "2010-08-01",
    xmlNamespace: "http://monitoring.amazonaws.com/doc/2010-08-01/",
    target: "GraniteServiceVersion20100801",
    protocols: ["json", "cbor", "query"],
    queryCompatible: true,
  },
  sts: {
    id: "sts",
    signingName: "sts",
    apiVersion: "2011-06-15",
    xmlNamespace: "https://sts.amazonaws.com/doc/2011-06-15/",
    target: "AWSSecurityTokenServiceV20110615",
    protocols: ["query"],
    queryCompatible: false,
  },
  ssm: {
    id: "ssm",
    signingName: "ssm",
    apiVersion: "2014-11-06",
    xmlNamespace: "http://ssm.amazonaws.com/doc/2014-11-06/",
    target: "AmazonSSM",
    protocols: ["json"],
    queryCompatible: false,
  },
};

/** The schema of an AWS operation, or undefined when the service has none of that name. */
export function operationSchema(service: ServiceId, name: string): OperationSchema | undefined {
  const module = clients[service]();
  const key = `${name}$`;
  if (!Object.hasOwn(module, key)) return undefined;
  const schema = module[key];
  return isOperationSchema(schema) ? schema : undefined;
}

/** Every operation that AWS documents for the service, as the SDK knows it. */
export function operationSchemas(service: ServiceId): OperationSchema[] {
  return Object.values(clients[service]()).filter(isOperationSchema);
}

/**
 * The error shape that a code stands for: query protocols say `TargetGroupNotFound` (the awsQueryError trait's code) where the
 * shape is called `TargetGroupNotFoundException`.
 */
export function errorSchema(service: ServiceId, code: string): ErrorSchema | undefined {
  const errors = Object.values(clients[service]()).filter(isErrorSchema);
  return errors.find((error) => error[2] === code) ?? errors.find((error) => queryCode(error) === code);
}

/** A shape's code in the query protocols. */
export function queryCode(error: ErrorSchema): string {
  return traitsOf(error).awsQueryError?.[0] ?? error[2];
}

/** The HTTP status that AWS documents for an error shape. */
export function documentedStatus(error: ErrorSchema): number | undefined {
  return traitsOf(error).awsQueryError?.[1] ?? traitsOf(error).httpError;
}

function traitsOf(error: ErrorSchema): { awsQueryError?: [string, number]; httpError?: number } {
  return typeof error[3] === "object" ? (error[3] as { awsQueryError?: [string, number]; httpError?: number }) : {};
}
