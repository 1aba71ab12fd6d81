import { useState } from "react";
import type { RateLimitAnswer } from "#core/contracts/api/rate-limits.ts";
import type { OrganizationId } from "#core/contracts/id.ts";
import { useApiChange } from "../api/queries.ts";
import { SchemaForm } from "../forms/schema-form.tsx";
import { ConfirmButton } from "../ui/confirm-button.tsx";
import { Drawer } from "../ui/drawer.tsx";
import { useToast } from "../ui/toast.tsx";
import {
  measures,
  newRateLimitFormSchema,
  rareRateLimitFields,
  rateLimitBody,
  rateLimitFieldOf,
  rateLimitFormSchema,
  rateLimitHeld,
} from "./rate-limit-form.ts";

interface NewRateLimitDrawerProps {
  readonly organizationId: OrganizationId;
  readonly onClose: () => void;
}

export function NewRateLimitDrawer({ organizationId, onClose }: NewRateLimitDrawerProps) {
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const change = useApiChange("createRateLimit", ["listRateLimits"]);
  return (
    <Drawer title="Set a rate limit" onClose={onClose}>
      <SchemaForm
        schema={newRateLimitFormSchema}
        rare={rareRateLimitFields}
        fieldOf={rateLimitFieldOf}
        submit="Set it"
        busy={change.isPending}
        failure={change.error?.failure ?? null}
        onSubmit={({ measure, ...form }) =>
          change.mutate(
            { params: { organizationId }, query: {}, body: rateLimitBody(form, measure), idempotencyKey },
            { onSuccess: onClose },
          )
        }
      />
    </Drawer>
  );
}

interface RateLimitDrawerProps extends NewRateLimitDrawerProps {
  readonly limit: RateLimitAnswer;
}

/** Changes a rate limit, or removes it. */
export function RateLimitDrawer({ organizationId, limit, onClose }: RateLimitDrawerProps) {
  const say = useToast();
  const params = { organizationId, limitId: limit.limitId };
  const change = useApiChange("putRateLimit", ["listRateLimits"]);
  const remove = useApiChange("deleteRateLimit", ["listRateLimits"]);
  const done = (text: string) => ({
    onSuccess: () => {
      say("ok", text);
      onClose();
    },
  });
  return (
    <Drawer title={limit.name} onClose={onClose}>
      <p className="muted">Counts {measures[limit.measure]}, which cannot be changed: for another measure, set another limit.</p>
      <SchemaForm
        schema={rateLimitFormSchema}
        held={rateLimitHeld(limit)}
        rare={rareRateLimitFields}
        fieldOf={rateLimitFieldOf}
        submit="Save"
        busy={change.isPending}
        failure={change.error?.failure ?? null}
        onSubmit={(form) =>
          change.mutate(
            { params, query: {}, body: rateLimitBody(form, limit.measure) },
            done("Saved. Every region keeps to it within 5 seconds."),
          )
        }
      />
      <hr />
      <ConfirmButton
        label="Remove"
        isDangerous
        question="Nothing holds these calls back then. Remove?"
        busy={remove.isPending}
        onConfirm={() => remove.mutate({ params, query: {} }, done(`${limit.name} is removed.`))}
      />
      {remove.error !== null && (
        <p className="field-fault" role="alert">
          {remove.error.failure.message}
        </p>
      )}
    </Drawer>
  );
}
