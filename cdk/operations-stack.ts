import { Duration, RemovalPolicy, Stack, type StackProps } from "aws-cdk-lib";
import { Archive } from "aws-cdk-lib/aws-events";
import type { Construct } from "constructs";
import type { ConnectionDataStack } from "./connection-data-stack.ts";

/** What an emulated AWS refuses, and nothing else needs: it goes to AWS only, and to nothing that Perch does. */
export class OperationsStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps & { readonly data: ConnectionDataStack }) {
    super(scope, id, props);
    const { bus } = props.data;
    // What was published can be published again, to a consumer that lost it or is new.
    const archive = new Archive(this, "EventArchive", {
      sourceEventBus: bus,
      description: "Every event on the bus, for 90 days",
      eventPattern: { account: [this.account] },
      retention: Duration.days(90),
    });
    archive.applyRemovalPolicy(RemovalPolicy.RETAIN);
  }
}
