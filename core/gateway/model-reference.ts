import { failure, type Failure } from "../contracts/error.ts";
import { providerNameSchema } from "../contracts/api/providers.ts";
import { closeModels, providerOfModel } from "../providers/models.ts";

/** Which provider a request means, and the model's name there. */
export interface ModelReference {
  readonly kind: "model";
  readonly provider: string;
  readonly model: string;
}

/**
 * Reads the `model` of a request: `provider/model` as it stands (the model's own name may hold slashes), a bare name
 * by the table. A bare name that the table does not know is refused, with close ones.
 */
export function readModelReference(name: string): ModelReference | Failure {
  const slash = name.indexOf("/");
  if (slash === -1) {
    const provider = providerOfModel(name);
    return provider === null ? unknownModel(name) : { kind: "model", provider, model: name };
  }
  const provider = name.slice(0, slash);
  const model = name.slice(slash + 1);
  if (!providerNameSchema.safeParse(provider).success || model === "") {
    return failure("invalid_field", "`model` must be a known model's name, or `provider/model`.", "model");
  }
  return { kind: "model", provider, model };
}

function unknownModel(name: string): Failure {
  const close = closeModels(name).map((model) => `\`${model}\``);
  const advice = close.length === 0 ? "" : ` Did you mean ${close.join(", ")}?`;
  return failure(
    "unknown_model",
    `The model \`${name.slice(0, 200)}\` is not known.${advice} Any model can be named as \`provider/model\`.`,
    "model",
  );
}
