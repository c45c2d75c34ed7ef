import { secondsOf, type TimedMeasurement } from "../measurement.ts";
import { connectForTrouble } from "../signed-out-connection.ts";

export const reauthenticationReport: TimedMeasurement = {
  kind: "timed",
  name: "reauthentication-report",
  what: "a service puts ReauthenticationReported onto the bus, until Perch has stored that the connection is signed out",
  async prepare(world) {
    const connection = await connectForTrouble(world);
    return async () => {
      await connection.signIn();
      await connection.signOut("say nothing");
      return secondsOf(async () => {
        await world.putEvent("ReauthenticationReported", { ...connection.ids, reason: "401 reauthenticate_user" });
        await connection.awaitStored("reauth");
      });
    };
  },
};
