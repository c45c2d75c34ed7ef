import { secondsOf, type TimedMeasurement } from "../measurement.ts";
import { connectForTrouble } from "../signed-out-connection.ts";

export const reauthenticationCall: TimedMeasurement = {
  kind: "timed",
  name: "reauthentication-call",
  what: "the platform's POST …/introspect of a connection that is signed out, until Perch has stored it",
  async prepare(world) {
    const connection = await connectForTrouble(world);
    return async () => {
      await connection.signIn();
      await connection.signOut("say nothing");
      return secondsOf(() => Promise.all([connection.introspect(), connection.awaitStored("reauth")]));
    };
  },
};
