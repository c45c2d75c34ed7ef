import { describe, expect, it } from "vitest";
import { readStatements, toLine } from "./permissions-of.ts";
import { resourcesOf, synthesise } from "./support.ts";

const assembly = synthesise("production");
const valuesOf = (type: string) => [...resourcesOf(assembly, type).values()];

describe("work that fails", () => {
  it("ends in dead letters: the stream's, the queue's, and the schedule's", () => {
    const mappings = valuesOf("AWS::Lambda::EventSourceMapping").map(({ properties }) => properties);
    expect(mappings).toHaveLength(6);
    expect(mappings).toContainEqual(
      expect.objectContaining({
        EventSourceArn: "ConnectionTable/Table.StreamArn",
        MaximumRetryAttempts: 3,
        DestinationConfig: { OnFailure: { Destination: "DeadLetters/Events" } },
      }),
    );
    for (const [queue, deadLetters, seconds] of [
      ["Disconnects/Queue", "DeadLetters/Disconnects", 1800],
      ["Checks/Requests/Queue", "DeadLetters/Checks", 1800],
      ["Hints/Reports/Queue", "DeadLetters/Reports", 360],
      ["Deletions/Queue", "DeadLetters/Deletions", 1800],
      ["Employers/Queue", "DeadLetters/Employers", 4320],
    ] as const) {
      expect(mappings).toContainEqual(
        expect.objectContaining({
          EventSourceArn: queue,
          FunctionResponseTypes: ["ReportBatchItemFailures"],
          ScalingConfig: { MaximumConcurrency: 2 },
        }),
      );
      expect(resourcesOf(assembly, "AWS::SQS::Queue").get(queue)?.properties).toMatchObject({
        RedrivePolicy: { deadLetterTargetArn: deadLetters, maxReceiveCount: 5 },
        VisibilityTimeout: seconds,
      });
    }
    // Those about the key tell somebody; what is not told is still in CloudTrail.
    const working = valuesOf("AWS::Events::Rule").filter(({ name }) => !name.includes("KeyWatch/"));
    const rules = working.map(({ properties }) => properties);
    expect(rules.toSorted((a, b) => (String(a["Name"]) < String(b["Name"]) ? -1 : 1))).toMatchObject([
      {
        Name: "perch-production-check-connected",
        EventPattern: {
          source: ["perch"],
          "detail-type": ["ConnectionCreated", "ConnectionHeld", "ConnectionReconnected"],
        },
        Targets: [{ Arn: "Checks/Requests/Queue", DeadLetterConfig: { Arn: "DeadLetters/Checks" } }],
      },
      {
        Name: "perch-production-reauthentication-reported",
        // Whoever it is, save Perch itself.
        EventPattern: { source: [{ "anything-but": ["perch"] }], "detail-type": ["ReauthenticationReported"] },
        Targets: [{ Arn: "Hints/Reports/Queue", DeadLetterConfig: { Arn: "DeadLetters/Reports" } }],
      },
      {
        Name: "perch-production-rosters-lost",
        // Of the one state machine, and not of its children, whose ARN has a label.
        EventPattern: {
          source: ["aws.states"],
          "detail-type": ["Step Functions Execution Status Change"],
          detail: {
            status: ["FAILED", "TIMED_OUT", "ABORTED"],
            stateMachineArn: [expect.stringMatching(/:stateMachine:perch-production-rosters$/)],
          },
        },
        Targets: [{ Arn: "reconcile-roster/Live", DeadLetterConfig: { Arn: "DeadLetters/Rosters" } }],
      },
      {
        Name: "perch-production-sweep-checks",
        ScheduleExpression: "rate(5 minutes)",
        Targets: [{ Arn: "sweep-checks/Function", DeadLetterConfig: { Arn: "DeadLetters/CheckSweeps" } }],
      },
      {
        Name: "perch-production-sweep-due",
        ScheduleExpression: "rate(5 minutes)",
        Targets: [{ Arn: "sweep-due/Function", DeadLetterConfig: { Arn: "DeadLetters/Sweeps" } }],
      },
    ]);
    expect(resourcesOf(assembly, "AWS::Lambda::Function").get("sweep-due/Function")?.properties).toMatchObject({
      DeadLetterConfig: { TargetArn: "DeadLetters/Sweeps" },
    });
    expect(resourcesOf(assembly, "AWS::Lambda::Function").get("reconcile-roster/Function")?.properties).toMatchObject({
      DeadLetterConfig: { TargetArn: "DeadLetters/Rosters" },
    });
  });

  it("is let into the queue of lost runs by the name of its rule", () => {
    const policy = resourcesOf(assembly, "AWS::SQS::QueuePolicy").get("DeadLetters/Sweeps/Policy");
    const rule = "arn:AWS::Partition:events:AWS::Region:AWS::AccountId:rule/perch-production-sweep-due";
    expect(readStatements(policy ?? { properties: {} }).map((each) => [each.principal, toLine(each)])).toContainEqual([
      { Service: "events.amazonaws.com" },
      `sqs:SendMessage on DeadLetters/Sweeps if {"ArnEquals":{"aws:SourceArn":"${rule}"}}`,
    ]);
  });
});
