import { expect, it } from "vitest";
import { providerName } from "#shared/page/provider-name.ts";

it.each([
  ["gusto", "Gusto"],
  ["adp_run", "ADP Run"],
  ["ukg_pro", "UKG Pro"],
  ["wholesome_payroll_2", "Wholesome Payroll 2"],
  ["constructor", "Constructor"],
])("the provider %s is called %s", (providerId, name) => {
  expect(providerName(providerId)).toBe(name);
});
