import { GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { CheckPauseStore } from "../connection/due-ports.ts";
import { readItem } from "./item.ts";
import { keys } from "./keys.ts";
import type { Table } from "./table.ts";

/** Whether the sweep of checks pauses, in the table. */
export const createCheckPauseStore = (table: Table): CheckPauseStore => {
  const update = async (expression: string, values: Readonly<Record<string, string>>) => {
    await table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: keys.checkPause(),
        UpdateExpression: expression,
        ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
      }),
    );
  };
  return {
    async find() {
      const { Item } = await table.client.send(
        new GetCommand({ TableName: table.name, Key: keys.checkPause(), ConsistentRead: true }),
      );
      if (Item === undefined) return { pause: undefined, trustedUntil: undefined };
      const read = readItem(Item);
      const until = read.dateOrNull("paused_until");
      return {
        pause: until === null ? undefined : { until, reason: read.choice("paused_because", reasons) },
        trustedUntil: read.dateOrNull("trusted_until") ?? undefined,
      };
    },

    pause: ({ reason, until }) =>
      update("SET paused_because = :because, paused_until = :until", {
        ":because": reason,
        ":until": until.toISOString(),
      }),

    resume: (trustedUntil) =>
      trustedUntil === undefined
        ? update("REMOVE paused_because, paused_until", {})
        : update("SET trusted_until = :trusted REMOVE paused_because, paused_until", {
            ":trusted": trustedUntil.toISOString(),
          }),
  };
};

const reasons = ["platform_trouble", "rate_limited", "too_many_undecided", "too_many_in_trouble"] as const;
