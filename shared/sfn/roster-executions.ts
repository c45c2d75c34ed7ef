import { DescribeExecutionCommand, type SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import type { RosterExecutions } from "../roster/ports.ts";

/** Executions of the state machine that reads and reconciles rosters. Their input is ids and nothing else. */
export const createRosterExecutions = (sfn: Pick<SFNClient, "send">, stateMachineArn: string): RosterExecutions => ({
  async isRunning(name) {
    const executionArn = `${stateMachineArn.replace(":stateMachine:", ":execution:")}:${name}`;
    try {
      const { status } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
      return status === "RUNNING";
    } catch (error) {
      if (Object(error).name === "ExecutionDoesNotExist") return undefined;
      throw error;
    }
  },

  async start(name, input) {
    try {
      await sfn.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }));
    } catch (error) {
      if (Object(error).name !== "ExecutionAlreadyExists") throw error;
    }
  },
});
