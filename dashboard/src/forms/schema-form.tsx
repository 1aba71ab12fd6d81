import { useId, useMemo, useState, type ReactNode, type SyntheticEvent } from "react";
import type * as z from "zod";
import type { CallFailure } from "../api/client.ts";
import { initialValues, readForm, schemaFields, type FormValues, type SchemaField } from "./schema-fields.ts";
import "./forms.css";

interface SchemaFormProps<Schema extends z.ZodObject> {
  readonly schema: Schema;
  /** What stands in it at first. */
  readonly held?: Readonly<Record<string, unknown>>;
  /** Fields whose text is not shown. */
  readonly secret?: readonly string[];
  readonly submit: string;
  readonly busy: boolean;
  /** Why the API refused it; what was typed stays. */
  readonly failure: CallFailure | null;
  /** The field of the form in which a parameter of the API is asked for; `null`: none. */
  readonly fieldOf?: (param: string) => string | null;
  /** Fields that most leave as they are. */
  readonly rare?: readonly string[];
  /** What is said beside the fields of what stands in them. */
  readonly renderAside?: (values: FormValues) => ReactNode;
  readonly onSubmit: (value: z.output<Schema>) => void;
}

const noValues = {};
const sameName = (param: string) => param.split(".")[0] ?? null;

/** A form made from a schema: what the schema refuses is said at its field, before anything is sent. */
export function SchemaForm<Schema extends z.ZodObject>({
  schema,
  held = noValues,
  secret = [],
  submit,
  busy,
  failure,
  fieldOf = sameName,
  rare = [],
  renderAside,
  onSubmit,
}: SchemaFormProps<Schema>) {
  const fields = useMemo(() => schemaFields(schema), [schema]);
  const [values, setValues] = useState<FormValues>(() => initialValues(fields, held));
  const [faults, setFaults] = useState<Readonly<Record<string, string>>>({});
  const send = (event: SyntheticEvent) => {
    event.preventDefault();
    const outcome = readForm(schema, fields, values);
    setFaults(outcome.kind === "invalid" ? outcome.faults : {});
    if (outcome.kind === "valid") onSubmit(outcome.value);
  };
  const refused = failure === null ? null : refusedField(failure, fieldOf, fields);
  const faultOf = (name: string) => faults[name] ?? (refused === name ? (failure?.message ?? "") : "");
  const inputOf = (field: SchemaField) => (
    <FieldInput
      key={field.name}
      field={field}
      isSecret={secret.includes(field.name)}
      value={values[field.name] ?? ""}
      fault={faultOf(field.name)}
      onChange={(value) => setValues((before) => ({ ...before, [field.name]: value }))}
    />
  );
  const rareFields = fields.filter(({ name }) => rare.includes(name));
  return (
    <form className="schema-form" noValidate onSubmit={send}>
      {fields.filter(({ name }) => !rare.includes(name)).map(inputOf)}
      {rareFields.length > 0 && (
        <details className="rare-fields" open={rareFields.some(({ name }) => faultOf(name) !== "") || undefined}>
          <summary>More</summary>
          {rareFields.map(inputOf)}
        </details>
      )}
      {renderAside?.(values)}
      {faults[""] !== undefined && <Fault>{faults[""]}</Fault>}
      {failure !== null && refused === null && <Fault>{failure.message}</Fault>}
      <button type="submit" className="button button-primary" disabled={busy}>
        {submit}
      </button>
    </form>
  );
}

/** At which field it is said why the API refused; `null`: at none. */
function refusedField(failure: CallFailure, fieldOf: (param: string) => string | null, fields: readonly SchemaField[]): string | null {
  const param = failure.kind === "invalid" || failure.kind === "conflict" ? failure.param : null;
  const name = param === null ? null : fieldOf(param);
  return name !== null && fields.some((field) => field.name === name) ? name : null;
}

function Fault({ id, children }: { readonly id?: string; readonly children: ReactNode }) {
  return (
    <span id={id} className="field-fault" role="alert">
      {children}
    </span>
  );
}

interface FieldInputProps {
  readonly field: SchemaField;
  readonly isSecret: boolean;
  readonly value: string | readonly string[];
  readonly fault: string;
  readonly onChange: (value: string | readonly string[]) => void;
}

function FieldInput({ field, isSecret, value, fault, onChange }: FieldInputProps) {
  const id = useId();
  const { input, label, description, isRequired } = field;
  const described = [description === "" ? "" : `${id}-hint`, fault === "" ? "" : `${id}-fault`].filter(Boolean).join(" ") || undefined;
  const common = { id, "aria-describedby": described, "aria-invalid": fault !== "", "aria-required": isRequired };
  const text = typeof value === "string" ? value : "";
  if (input.kind === "choices") {
    const chosen = typeof value === "string" ? [] : value;
    return (
      <fieldset className="field" aria-describedby={described}>
        <legend>{label}</legend>
        {input.options.map((option) => (
          <label key={option} className="check">
            <input
              type="checkbox"
              checked={chosen.includes(option)}
              onChange={() => onChange(chosen.includes(option) ? chosen.filter((each) => each !== option) : [...chosen, option])}
            />
            {option}
          </label>
        ))}
        <Hint id={id} description={description} fault={fault} />
      </fieldset>
    );
  }
  return (
    <div className="field">
      <label htmlFor={id}>
        {label}
        {!isRequired && input.kind !== "choice" && <span className="faint"> (optional)</span>}
      </label>
      {input.kind === "choice" && (
        <select {...common} value={text} onChange={(event) => onChange(event.target.value)}>
          {input.options.map((option) => (
            <option key={option}>{option}</option>
          ))}
        </select>
      )}
      {input.kind === "lines" && (
        <textarea {...common} rows={3} placeholder="One a line" value={text} onChange={(event) => onChange(event.target.value)} />
      )}
      {input.kind === "text" && (
        <input
          {...common}
          type={isSecret ? "password" : "text"}
          autoComplete="off"
          spellCheck={false}
          value={text}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
      <Hint id={id} description={description} fault={fault} />
    </div>
  );
}

function Hint({ id, description, fault }: { readonly id: string; readonly description: string; readonly fault: string }) {
  return (
    <>
      {description !== "" && (
        <span id={`${id}-hint`} className="field-hint">
          {description.replaceAll("`", "")}
        </span>
      )}
      {fault !== "" && <Fault id={`${id}-fault`}>{fault}</Fault>}
    </>
  );
}
