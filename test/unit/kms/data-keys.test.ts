/** Keys of rosters' pages: what KMS is asked, and that none is taken that it does not give. */
import { DecryptCommand, GenerateDataKeyCommand, type KMSClient } from "@aws-sdk/client-kms";
import { describe, expect, it } from "vitest";
import { createDataKeys } from "#shared/kms/data-keys.ts";
import type { RosterId } from "#shared/roster/roster.ts";
import { newCustomerId } from "../../support/builders.ts";

const context = { customerId: newCustomerId("acme"), rosterId: "a-roster" as RosterId };
const [key, sealed] = [Uint8Array.of(1, 2), Uint8Array.of(3)];

/** Keys under a KMS that answers so, with what it was asked. */
const keysOver = (answer: object) => {
  const sent: unknown[] = [];
  const kms = {
    async send(command: GenerateDataKeyCommand | DecryptCommand) {
      sent.push([command.constructor, command.input]);
      return answer;
    },
  } as unknown as KMSClient;
  return { keys: createDataKeys(kms, "the-key"), sent };
};

describe("a key of a roster's pages", () => {
  // The roles' conditions know these two names (cdk/constructs).
  const EncryptionContext = { customer_id: context.customerId, roster_id: context.rosterId };

  it("is made for its customer and roster, of 256 bits", async () => {
    const { keys, sent } = keysOver({ Plaintext: key, CiphertextBlob: sealed });
    expect(await keys.make(context)).toEqual({ key, sealed });
    expect(sent).toEqual([[GenerateDataKeyCommand, { KeyId: "the-key", KeySpec: "AES_256", EncryptionContext }]]);
  });

  it("is opened for its customer and roster, by the one key", async () => {
    const { keys, sent } = keysOver({ Plaintext: key });
    expect(await keys.open(sealed, context)).toEqual(key);
    expect(sent).toEqual([[DecryptCommand, { KeyId: "the-key", CiphertextBlob: sealed, EncryptionContext }]]);
  });

  it.each([{}, { Plaintext: key }, { CiphertextBlob: sealed }])("is not made of half an answer: %j", async (answer) => {
    await expect(keysOver(answer).keys.make(context)).rejects.toThrow("KMS answered without a key");
  });

  it("is not opened without an answer", async () => {
    await expect(keysOver({}).keys.open(sealed, context)).rejects.toThrow("KMS answered without a plaintext");
  });
});
