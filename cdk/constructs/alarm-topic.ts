import { Aws } from "aws-cdk-lib";
import type { Alarm } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import { Topic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import type { Stage } from "../stages.ts";

/** Where alarms are told, and that they are over. Who hears of it is up to the platform: nobody is subscribed. */
export class AlarmTopic extends Construct {
  readonly topic: Topic;
  readonly #key: Key;

  constructor(scope: Construct, id: string, stage: Stage) {
    super(scope, id);
    const ours = { StringEquals: { "aws:SourceAccount": Aws.ACCOUNT_ID } };
    const cloudWatch = new ServicePrincipal("cloudwatch.amazonaws.com");
    // AWS's own key for SNS lets no alarm use it.
    const key = new Key(this, "Key", { description: `Seals alarms of perch-${stage.name}`, enableKeyRotation: true });
    key.addToResourcePolicy(
      new PolicyStatement({
        principals: [cloudWatch],
        actions: ["kms:Decrypt", "kms:GenerateDataKey*"],
        resources: ["*"],
        conditions: ours,
      }),
    );
    this.#key = key;
    this.topic = new Topic(this, "Topic", {
      topicName: `perch-${stage.name}-alarms`,
      masterKey: key,
      enforceSSL: true,
    });
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [cloudWatch],
        actions: ["sns:Publish"],
        resources: [this.topic.topicArn],
        conditions: ours,
      }),
    );
  }

  /** Lets rules of EventBridge use the topic's key; who adds the topic to a rule lets it publish. */
  letTell() {
    const events = new ServicePrincipal("events.amazonaws.com");
    const use = ["kms:Decrypt", "kms:GenerateDataKey*"];
    this.#key.addToResourcePolicy(new PolicyStatement({ principals: [events], actions: use, resources: ["*"] }));
  }

  /** Tells of an alarm when it begins and when it is over. */
  watch(alarm: Alarm) {
    const action = new SnsAction(this.topic);
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
  }
}
