import type { DeletionStep, driveDeletion } from "#shared/connection/drive-deletion.ts";
import type { DeletionId } from "#shared/connection/identifiers.ts";

/** Steps of a deletion until it waits for something. */
export const stepsOf = async (
  step: ReturnType<typeof driveDeletion>,
  deletionId: DeletionId,
): Promise<DeletionStep> => {
  for (;;) {
    const taken = await step(deletionId);
    if (taken.step !== "more") return taken.step;
  }
};
