import { Duration } from "aws-cdk-lib";
import { Match, Rule } from "aws-cdk-lib/aws-events";
import { SqsQueue } from "aws-cdk-lib/aws-events-targets";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { ConnectionChecks, ConnectionChecksProps } from "./connection-checks.ts";
import { reportRuleName } from "./dead-letters.ts";
import { WorkQueue } from "./work-queue.ts";

/** What is told from outside is made from. */
export interface HintsProps extends ConnectionChecksProps {
  /** Whom it asks for looks. */
  readonly checks: ConnectionChecks;
}

/** What others tell Perch about a connection, Finch by webhooks and the platform's services over the bus: it asks for a look. */
export class Hints extends Construct {
  constructor(scope: Construct, id: string, props: HintsProps) {
    super(scope, id);
    const receiver = props.create("receive-finch-webhook").fn;
    props.data.finch.letReadSecret(receiver);
    props.checks.letRequest(receiver);
    this.#takeReports(props);
  }

  /** From the bus into a queue, and from there to the function that takes them. */
  #takeReports({ stage, data, create, checks }: HintsProps) {
    const { table, deadLetters, bus } = data;
    const workerTimeout = Duration.minutes(1);
    const { fn } = create("receive-report", workerTimeout);
    table.letFindOwners(fn);
    checks.letRequest(fn);
    deadLetters.letBuryReports(fn, "REFUSED_REPORTS_URL");
    const worker = { worker: fn, workerTimeout, deadLetters: deadLetters.reports };
    const { queue } = new WorkQueue(this, "Reports", worker);
    new Rule(this, "Reported", {
      ruleName: reportRuleName(stage),
      eventBus: bus,
      // Perch itself reports nothing, and under its name nobody else may.
      eventPattern: { source: Match.anythingBut("perch"), detailType: ["ReauthenticationReported"] },
      targets: [
        new SqsQueue(queue, { deadLetterQueue: Queue.fromQueueArn(this, "Lost", deadLetters.reports.queueArn) }),
      ],
    });
  }
}
