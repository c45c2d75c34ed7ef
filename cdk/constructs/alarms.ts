import { Duration } from "aws-cdk-lib";
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { Construct } from "constructs";
import type { ConnectionDataStack } from "../connection-data-stack.ts";
import { isToldBy, metricNamespace, signals } from "../signals.ts";
import type { Stage } from "../stages.ts";
import type { AlarmTopic } from "./alarm-topic.ts";
import { deploymentNames } from "./api-function.ts";
import { rosterMachineArn } from "./roster-workflow.ts";

/** What there is to watch. */
export interface AlarmsProps {
  readonly stage: Stage;
  readonly data: ConnectionDataStack;
  /** The names of all functions. */
  readonly functionNames: readonly string[];
  readonly topic: AlarmTopic;
}

interface Watched {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions?: Readonly<Record<string, string>>;
  readonly statistic?: "Sum" | "Maximum";
  readonly minutes?: number;
  readonly threshold?: number;
  /** Periods in a row. */
  readonly periods?: number;
  readonly below?: boolean;
  readonly meaning: string;
}

/** Every alarm. None does mathematics, and each says what it means; `docs/deploy.md` lists them. */
export class Alarms extends Construct {
  readonly #props: AlarmsProps;
  /** The alarm of a function's errors: a deployment of it that raises it is rolled back. */
  readonly errors: ReadonlyMap<string, Alarm>;
  readonly serverErrors: Alarm;

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    this.#props = props;
    this.errors = new Map(props.functionNames.map((name) => [name, this.#watchFunction(name)]));
    this.serverErrors = this.#add("api-5xx", {
      namespace: "AWS/ApiGateway",
      metricName: "5xx",
      dimensions: { ApiId: props.data.api.apiId },
      threshold: 5,
      meaning: "Requests are answered 500, 502, 503 or 504. The log of the function says why.",
    });
    this.#watchSweep("sweep-due", "lost sessions, events and disconnects are not gone after.");
    this.#watchSweep("sweep-checks", "nothing is noticed that no webhook and nobody else tells of.");
    this.#watchDeadLetters();
    this.#watchRosters();
    for (const signal of signals) {
      if (!props.functionNames.some((name) => isToldBy(signal, name))) continue;
      const { metric, statistic, threshold, minutes, periods, meaning } = signal;
      const namespace = metricNamespace(props.stage.name);
      this.#add(metric, {
        ...{ namespace, metricName: metric, threshold, minutes, meaning },
        ...(statistic && { statistic }),
        ...(periods && { periods }),
      });
    }
  }

  #watchFunction(name: string): Alarm {
    const dimensions = { FunctionName: deploymentNames(this.#props.stage, name).functionName };
    const namespace = "AWS/Lambda";
    this.#add(`${name}-throttles`, {
      ...{ namespace, metricName: "Throttles", dimensions },
      meaning: "The function has no concurrency left, its own or the account's.",
    });
    return this.#add(`${name}-errors`, {
      ...{ namespace, metricName: "Errors", dimensions },
      meaning: "The function died, ran out of time, or failed on purpose to be tried again.",
    });
  }

  /** Much is put right by the sweep; that it no longer runs would be noticed by nothing else. */
  #watchSweep(name: "sweep-due" | "sweep-checks", effect: string) {
    const { functionName } = deploymentNames(this.#props.stage, name);
    this.#add(`${name}-stopped`, {
      namespace: "AWS/Lambda",
      metricName: "Invocations",
      dimensions: { FunctionName: functionName },
      below: true,
      periods: 4,
      meaning: `The sweep has not run for 20 minutes: ${effect}`,
    });
  }

  #watchDeadLetters() {
    for (const [kind, queue] of this.#props.data.deadLetters.byKind) {
      this.#add(`dead-letters-${kind}`, {
        namespace: "AWS/SQS",
        metricName: "ApproximateNumberOfMessagesVisible",
        dimensions: { QueueName: queue.queueName },
        statistic: "Maximum",
        meaning: "Work failed again and again, and lies in a queue of dead letters.",
      });
    }
  }

  /** What ends an execution from outside is caught by no state of it: then a roster stands still until it is started again. */
  #watchRosters() {
    const StateMachineArn = rosterMachineArn(this, this.#props.stage);
    for (const [name, metricName] of [
      ["rosters-failed", "ExecutionsFailed"],
      ["rosters-timed-out", "ExecutionsTimedOut"],
    ] as const) {
      this.#add(name, {
        ...{ namespace: "AWS/States", metricName, dimensions: { StateMachineArn } },
        meaning: "A roster, or the reading of one of its connections, did not come to its end.",
      });
    }
  }

  #add(name: string, watched: Watched): Alarm {
    const { namespace, metricName, dimensions, statistic = "Sum", minutes = 5, below = false } = watched;
    const alarm = new Alarm(this, name, {
      alarmName: `perch-${this.#props.stage.name}-${name}`,
      alarmDescription: watched.meaning,
      metric: new Metric({
        ...{ namespace, metricName, statistic },
        ...(dimensions && { dimensionsMap: dimensions }),
        period: Duration.minutes(minutes),
      }),
      threshold: watched.threshold ?? 1,
      evaluationPeriods: watched.periods ?? 1,
      comparisonOperator: below
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: below ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
    this.#props.topic.watch(alarm);
    return alarm;
  }
}
