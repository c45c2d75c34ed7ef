import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from "aws-cdk-lib";
import { Archive } from "aws-cdk-lib/aws-events";
import type { Construct } from "constructs";
import { retention } from "../shared/retention.ts";
import type { ConnectionDataStack } from "./connection-data-stack.ts";
import { AlarmTopic } from "./constructs/alarm-topic.ts";
import { Alarms } from "./constructs/alarms.ts";
import type { ApiFunction } from "./constructs/api-function.ts";
import { Canary } from "./constructs/canary.ts";
import { KeyWatch, peopleOpeners, tokenOpeners } from "./constructs/key-watch.ts";
import type { Stage } from "./stages.ts";

/** What the operations stack is made from. */
export interface OperationsStackProps extends StackProps {
  readonly stage: Stage;
  readonly data: ConnectionDataStack;
  readonly functions: readonly ApiFunction[];
}

/**
 * What an emulated AWS refuses, or does nothing with: it goes to AWS only, and Perch works without it. It knows functions by
 * their names, so that the API stack may make and remove them as it likes.
 */
export class OperationsStack extends Stack {
  constructor(scope: Construct, id: string, props: OperationsStackProps) {
    super(scope, id, props);
    const { stage, data, functions } = props;
    this.#archiveEvents(data);
    const topic = new AlarmTopic(this, "AlarmTopic", stage);
    const alarms = new Alarms(this, "Alarms", { stage, data, topic, functionNames: functions.map(({ name }) => name) });
    new KeyWatch(this, "KeyWatch", {
      ...{ stage, key: data.tokenKey.key, keyOf: "Finch's access tokens", openers: tokenOpeners, topic },
    });
    new KeyWatch(this, "PeopleKeyWatch", {
      ...{ stage, key: data.rosterPages.key, keyOf: "the rosters' people", openers: peopleOpeners, topic },
    });
    const invoked = functions.filter(({ isInvoked }) => isInvoked);
    new Canary(this, "Canary", {
      stage,
      functions: new Map(
        invoked.map(({ name }) => {
          const errors = alarms.errors.get(name);
          return [name, errors === undefined ? [alarms.serverErrors] : [errors, alarms.serverErrors]];
        }),
      ),
    });
    new CfnOutput(this, "AlarmTopicArn", { value: topic.topic.topicArn });
  }

  /** What was published can be published again, to a consumer that lost it or is new. */
  #archiveEvents({ bus }: ConnectionDataStack) {
    const archive = new Archive(this, "EventArchive", {
      sourceEventBus: bus,
      description: `Every event on the bus, for ${retention.eventArchiveDays} days`,
      eventPattern: { account: [this.account] },
      retention: Duration.days(retention.eventArchiveDays),
    });
    archive.applyRemovalPolicy(RemovalPolicy.RETAIN);
  }
}
