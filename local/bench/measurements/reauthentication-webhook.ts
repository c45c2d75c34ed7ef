import { secondsOf, type TimedMeasurement } from "../measurement.ts";
import { connectForTrouble } from "../signed-out-connection.ts";

export const reauthenticationWebhook: TimedMeasurement = {
  kind: "timed",
  name: "reauthentication-webhook",
  what: "Finch signs a connection out and sends its webhook, until Perch has stored it",
  async prepare(world) {
    const connection = await connectForTrouble(world);
    return async () => {
      await connection.signIn();
      return secondsOf(async () => {
        await connection.signOut("tell");
        await connection.awaitStored("reauth");
      });
    };
  },
};
