import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { signals as everySignal, isToldBy } from "../../cdk/signals.ts";
import { readStatements, toLine } from "./permissions-of.ts";
import { type Resource, resourcesOf, root, synthesise } from "./support.ts";

const assembly = synthesise("production");
const valuesOf = (type: string) => [...resourcesOf(assembly, type).values()];
const functions = valuesOf("AWS::Lambda::Function");
const alarms = valuesOf("AWS::CloudWatch::Alarm");
const signals = everySignal.filter((signal) =>
  functions.some(({ name }) => isToldBy(signal, name.replace("/Function", ""))),
);
const named = (name: string) => alarms.find(({ properties }) => properties["AlarmName"] === `perch-production-${name}`);
const source = (path: string) => readFileSync(join(root, path), "utf8");

describe("alarms", () => {
  it("watch every function's errors and throttles, by its name", () => {
    for (const { name, properties } of functions) {
      const folder = name.replace("/Function", "");
      expect(properties["FunctionName"]).toBe(`perch-production-${folder}`);
      for (const [kind, metric] of [
        ["errors", "Errors"],
        ["throttles", "Throttles"],
      ]) {
        expect(named(`${folder}-${kind}`)?.properties).toMatchObject({
          Namespace: "AWS/Lambda",
          MetricName: metric,
          Dimensions: [{ Name: "FunctionName", Value: `perch-production-${folder}` }],
          Statistic: "Sum",
          Threshold: 1,
          ComparisonOperator: "GreaterThanOrEqualToThreshold",
          TreatMissingData: "notBreaching",
        });
      }
    }
  });

  it("watch every queue of dead letters", () => {
    const queues = [...resourcesOf(assembly, "AWS::SQS::Queue").keys()].filter((name) =>
      name.startsWith("DeadLetters/"),
    );
    const watched = alarms.flatMap(({ properties }) =>
      properties["Namespace"] === "AWS/SQS" ? (properties["Dimensions"] as { readonly Value: string }[]) : [],
    );
    expect(watched.map(({ Value }) => Value.replace(".QueueName", "")).toSorted()).toEqual(queues.toSorted());
  });

  it("watch the gateway, and that the sweep runs at all", () => {
    expect(named("api-5xx")?.properties).toMatchObject({
      Namespace: "AWS/ApiGateway",
      MetricName: "5xx",
      Dimensions: [{ Name: "ApiId", Value: "Api" }],
    });
    expect(named("sweep-due-stopped")?.properties).toMatchObject({
      MetricName: "Invocations",
      ComparisonOperator: "LessThanThreshold",
      EvaluationPeriods: 4,
      Threshold: 1,
      TreatMissingData: "breaching",
    });
  });

  it("watch that rosters come to their end", () => {
    const [machine] = valuesOf("AWS::StepFunctions::StateMachine");
    const states = "arn:AWS::Partition:states:AWS::Region:AWS::AccountId";
    const Value = `${states}:stateMachine:${machine?.properties["StateMachineName"]}`;
    const Dimensions = [{ Name: "StateMachineArn", Value }];
    for (const [name, MetricName] of [
      ["rosters-failed", "ExecutionsFailed"],
      ["rosters-timed-out", "ExecutionsTimedOut"],
    ] as const) {
      expect(named(name)?.properties).toMatchObject({
        Namespace: "AWS/States",
        MetricName,
        Dimensions,
        Statistic: "Sum",
      });
    }
  });

  it("watch what functions log, and count lines that they do log", () => {
    const filters = valuesOf("AWS::Logs::MetricFilter");
    const told = signals.flatMap((signal) => [signal.function].flat().map((name) => ({ ...signal, name })));
    expect(filters).toHaveLength(told.length);
    for (const { metric, name, pattern, value, threshold, minutes, statistic = "Sum", periods = 1 } of told) {
      expect(filters.find((filter) => filter.name === `${name}/Log/${metric}`)?.properties).toEqual({
        LogGroupName: `${name}/Log`,
        FilterPattern: pattern,
        MetricTransformations: [{ MetricName: metric, MetricNamespace: "Perch/production", MetricValue: value }],
      });
      expect(named(metric)?.properties).toMatchObject({
        Namespace: "Perch/production",
        MetricName: metric,
        Threshold: threshold,
        Period: minutes * 60,
        EvaluationPeriods: periods,
        Statistic: statistic,
      });
      // The words are written in the function's handler, or are reasons of the domain. One message is put together.
      const words = [...pattern.matchAll(/= "([^"]+)"/g)].map(([, word]) => word);
      const handler = source(`functions/${name}/handler.ts`) + source("shared/finch/paced.ts");
      const domain = ["connect-session", "drive-disconnect", "events", "answer-check-request"]
        .map((file) => source(`shared/connection/${file}.ts`))
        .join();
      expect(words.length).toBeGreaterThan(0);
      for (const word of words) {
        const spoken = word === "exchange ended" ? "log.info(`exchange $" : `"${word}"`;
        expect(`${handler}${domain}`).toContain(spoken);
      }
    }
  });

  it("do no mathematics, say what they mean, and are told on one topic, as is their end", () => {
    expect(alarms).toHaveLength(2 * functions.length + 15 + signals.length);
    for (const { properties } of alarms) {
      expect(properties["Metrics"]).toBeUndefined();
      expect(String(properties["AlarmDescription"])).toMatch(/\.$/);
      expect([properties["AlarmActions"], properties["OKActions"]]).toEqual([
        ["AlarmTopic/Topic"],
        ["AlarmTopic/Topic"],
      ]);
    }
  });

  it("are told under a key that CloudWatch may use, over TLS only, by this account's CloudWatch only", () => {
    const topic = resourcesOf(assembly, "AWS::SNS::Topic").get("AlarmTopic/Topic");
    expect(topic?.properties["KmsMasterKeyId"]).toBe("AlarmTopic/Key");
    const lines = (resource: Resource | undefined) =>
      readStatements(resource ?? { properties: {} }).map((each) => [each.principal, toLine(each)]);
    const cloudWatch = { Service: "cloudwatch.amazonaws.com" };
    const ours = 'if {"StringEquals":{"aws:SourceAccount":"AWS::AccountId"}}';
    expect(lines(resourcesOf(assembly, "AWS::SNS::TopicPolicy").get("AlarmTopic/Topic/Policy"))).toEqual([
      ["*", 'Deny sns:Publish on AlarmTopic/Topic if {"Bool":{"aws:SecureTransport":"false"}}'],
      [cloudWatch, `sns:Publish on AlarmTopic/Topic ${ours}`],
      // The rules about the key, which are in this stack.
      [{ Service: "events.amazonaws.com" }, "sns:Publish on AlarmTopic/Topic"],
    ]);
    expect(lines(resourcesOf(assembly, "AWS::KMS::Key").get("AlarmTopic/Key"))).toContainEqual([
      cloudWatch,
      `kms:Decrypt kms:GenerateDataKey* on * ${ours}`,
    ]);
  });
});

describe("the bus", () => {
  it("takes events that say they are Perch's from the two publishers only", () => {
    expect(valuesOf("AWS::Events::EventBusPolicy").map(({ properties }) => properties["Statement"])).toEqual([
      {
        Sid: "OnlyPublishersSpeakForPerch",
        Effect: "Deny",
        Principal: { AWS: "*" },
        Action: "events:PutEvents",
        Resource: "Bus",
        Condition: {
          "ForAnyValue:StringEquals": { "events:source": ["perch"] },
          ArnNotEquals: { "aws:PrincipalArn": ["publish-events/Role", "sweep-due/Role"] },
        },
      },
    ]);
    expect(source("shared/eventbridge/put-onto-bus.ts")).toContain('const source = "perch";');
  });

  it("keeps every event for 90 days", () => {
    expect(valuesOf("AWS::Events::Archive")).toMatchObject([
      {
        stack: "PerchOperations",
        deletionPolicy: "Retain",
        properties: { SourceArn: "Bus", EventPattern: { account: ["AWS::AccountId"] }, RetentionDays: 90 },
      },
    ]);
  });
});
