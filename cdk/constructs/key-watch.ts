import { Aws, Validations } from "aws-cdk-lib";
import { type CfnRule, EventField, Match, Rule, RuleTargetInput } from "aws-cdk-lib/aws-events";
import { SnsTopic } from "aws-cdk-lib/aws-events-targets";
import { Construct } from "constructs";
import type { Stage } from "../stages.ts";
import type { AlarmTopic } from "./alarm-topic.ts";
import { deploymentNames } from "./api-function.ts";
import type { TokenKey } from "./token-key.ts";

/** What there is to watch, and who is told. */
export interface KeyWatchProps {
  readonly stage: Stage;
  readonly key: TokenKey;
  readonly topic: AlarmTopic;
}

/** The functions that open tokens; all others are strangers. */
const openers = [
  "check-connection",
  "drive-disconnect",
  "forward-to-finch",
  "get-access-token",
  "introspect-connection",
  "read-employers",
  "try-connections",
] as const;

/** What the key's own life is made of; a deploy does some of it, and somebody should know. */
const changes = [
  "CancelKeyDeletion",
  "CreateGrant",
  "DisableKey",
  "DisableKeyRotation",
  "PutKeyPolicy",
  "ScheduleKeyDeletion",
];

/** Calls that turn a ciphertext into something else. */
const openings = ["Decrypt", "ReEncrypt"];

/**
 * Tells the alarm topic when somebody else than Perch's own functions opens a token, or tries to, and when the key is
 * changed. CloudTrail hands these events on where a trail logs management events, KMS's among them.
 */
export class KeyWatch extends Construct {
  constructor(scope: Construct, id: string, { stage, key, topic }: KeyWatchProps) {
    super(scope, id);
    topic.letTell();
    // The API stack names its roles, and Lambda a role's session as the function.
    const own = openers.map((name) => {
      const { functionName } = deploymentNames(stage, name);
      return `arn:${Aws.PARTITION}:sts::${Aws.ACCOUNT_ID}:assumed-role/perch-${stage.name}-api-*/${functionName}`;
    });
    const arn = key.key.keyArn;
    this.#tell("Strangers", topic, {
      eventName: openings,
      resources: { ARN: [arn] },
      userIdentity: { arn: Match.anythingButWildcard(...own) },
    });
    // The root of an account, and services of AWS, may have no such name.
    this.#tell("Nameless", topic, {
      eventName: openings,
      resources: { ARN: [arn] },
      userIdentity: { arn: Match.doesNotExist() },
    });
    this.#tell("Changes", topic, { eventName: changes, resources: { ARN: [arn] } });
  }

  #tell(id: string, topic: AlarmTopic, detail: Readonly<Record<string, unknown>>) {
    const rule = new Rule(this, id, {
      eventPattern: {
        source: ["aws.kms"],
        detailType: ["AWS API Call via CloudTrail"],
        detail: { eventSource: ["kms.amazonaws.com"], ...detail },
      },
    });
    // Decrypt counts as reading, and rules are not shown what reads unless they say so.
    (rule.node.defaultChild as CfnRule).state = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS";
    Validations.of(rule).acknowledge({
      id: "Serverless-EventBusDLQ",
      reason: "EventBridge tries for a day to tell the topic, and CloudTrail keeps what happened either way.",
    });
    rule.addTarget(
      new SnsTopic(topic.topic, {
        message: RuleTargetInput.fromText(
          [
            `The key of Finch's access tokens: ${EventField.fromPath("$.detail.eventName")}`,
            `by ${EventField.fromPath("$.detail.userIdentity.arn")}`,
            `from ${EventField.fromPath("$.detail.sourceIPAddress")} at ${EventField.fromPath("$.detail.eventTime")},`,
            `CloudTrail's event ${EventField.fromPath("$.detail.eventID")}.`,
            "See SECURITY.md: on suspicion of a theft.",
          ].join(" "),
        ),
      }),
    );
  }
}
