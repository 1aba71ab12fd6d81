import type { MaskingDetector } from "../../../contracts/policy.ts";
import type { Find } from "../find.ts";
import { findCreditCards } from "./credit-card.ts";
import { findEmails } from "./email.ts";
import { findIbans } from "./iban.ts";
import { findIpAddresses } from "./ip-address.ts";
import { findPhones } from "./phone.ts";
import { findSecrets } from "./secret.ts";

/** What we find by ourselves in a text. Each goes through a text in time linear in it. */
export const detectors = {
  email: findEmails,
  phone: findPhones,
  "credit-card": findCreditCards,
  iban: findIbans,
  "ip-address": findIpAddresses,
  secret: findSecrets,
} as const satisfies Record<MaskingDetector, Find>;
