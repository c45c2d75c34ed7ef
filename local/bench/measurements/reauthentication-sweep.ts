import { secondsOf, type TimedMeasurement } from "../measurement.ts";
import { connectForTrouble } from "../signed-out-connection.ts";

export const reauthenticationSweep: TimedMeasurement = {
  kind: "timed",
  name: "reauthentication-sweep",
  what: "a sweep begins in which a signed-out connection is due, until Perch has stored it (a sweep begins every 5 minutes)",
  async prepare(world) {
    const connection = await connectForTrouble(world);
    return async () => {
      await connection.signIn();
      await connection.signOut("say nothing");
      await connection.fallDue();
      return secondsOf(() => Promise.all([world.invoke("sweep-checks"), connection.awaitStored("reauth")]));
    };
  },
};
