import { Aws, Validations } from "aws-cdk-lib";
import { type CfnRule, EventField, Match, Rule, RuleTargetInput } from "aws-cdk-lib/aws-events";
import { SnsTopic } from "aws-cdk-lib/aws-events-targets";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Construct } from "constructs";
import type { Stage } from "../stages.ts";
import type { AlarmTopic } from "./alarm-topic.ts";
import { deploymentNames } from "./api-function.ts";

/** What there is to watch, and who is told. */
export interface KeyWatchProps {
  readonly stage: Stage;
  readonly key: IKey;
  /** What the key opens, as the topic is told. */
  readonly keyOf: string;
  /** The functions that open with it; all others are strangers. */
  readonly openers: Openers;
  readonly topic: AlarmTopic;
}

/** Functions, by what their stack is called behind the stage. */
export interface Openers {
  readonly api?: readonly string[];
  readonly rosters?: readonly string[];
}

/** Who opens tokens. */
export const tokenOpeners: Openers = {
  api: [
    "check-connection",
    "drive-disconnect",
    "forward-to-finch",
    "get-access-token",
    "introspect-connection",
    "read-employers",
    "try-connections",
  ],
  rosters: ["read-roster-page"],
};

/** Who opens pages of people. */
export const peopleOpeners: Openers = {
  rosters: ["get-employee", "list-employees", "read-roster-page", "reconcile-roster"],
};

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
 * Tells the alarm topic when somebody else than Perch's own functions opens what a key has sealed, or tries to, and when the
 * key is changed. CloudTrail hands these events on where a trail logs management events, KMS's among them.
 */
export class KeyWatch extends Construct {
  readonly #keyOf: string;

  constructor(scope: Construct, id: string, { stage, key, keyOf, openers, topic }: KeyWatchProps) {
    super(scope, id);
    this.#keyOf = keyOf;
    topic.letTell();
    // A stack names its roles, and Lambda a role's session as the function.
    const own = Object.entries(openers).flatMap(([stack, names]: [string, readonly string[]]) =>
      names.map((name) => {
        const { functionName } = deploymentNames(stage, name);
        return `arn:${Aws.PARTITION}:sts::${Aws.ACCOUNT_ID}:assumed-role/perch-${stage.name}-${stack}-*/${functionName}`;
      }),
    );
    const arn = key.keyArn;
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
            `The key of ${this.#keyOf}: ${EventField.fromPath("$.detail.eventName")}`,
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
