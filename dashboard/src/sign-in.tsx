import { useState, type SyntheticEvent } from "react";
import { parseSignIn, type Session } from "./session.ts";

const faults = {
  key: "Enter the admin key.",
  project: "Enter the project’s id: a UUID such as 019343c8-7d5a-7c31-9d4e-2f7f0b8a1c11.",
} as const;

interface SignInProps {
  readonly refusal: string;
  readonly onEnter: (session: Session) => void;
}

/** Asks for the admin key and the project; both stay in this tab. */
export function SignIn({ refusal, onEnter }: SignInProps) {
  const [adminKey, setAdminKey] = useState("");
  const [projectId, setProjectId] = useState("");
  const [fault, setFault] = useState<keyof typeof faults | null>(null);

  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    const parsed = parseSignIn(adminKey, projectId);
    if (parsed.kind === "session") onEnter(parsed.session);
    else setFault(parsed.field);
  };

  return (
    <main className="sign-in">
      <form onSubmit={submit} noValidate>
        <img src="/favicon.svg" alt="" width="36" height="36" />
        <h1>Sign in to EvalForge</h1>
        <p className="muted">The key and the project’s id were printed when the system was started.</p>
        {refusal !== "" && fault === null && (
          <p className="banner banner-error" role="alert">
            {refusal}
          </p>
        )}
        <Field
          label="Admin key"
          name="key"
          type="password"
          placeholder="ef_admin_…"
          value={adminKey}
          fault={fault}
          onChange={setAdminKey}
        />
        <Field
          label="Project"
          name="project"
          type="text"
          placeholder="00000000-0000-0000-0000-000000000000"
          value={projectId}
          fault={fault}
          onChange={setProjectId}
        />
        <button type="submit" className="button button-primary">
          Sign in
        </button>
      </form>
    </main>
  );
}

interface FieldProps {
  readonly label: string;
  readonly name: keyof typeof faults;
  readonly type: "password" | "text";
  readonly placeholder: string;
  readonly value: string;
  readonly fault: keyof typeof faults | null;
  readonly onChange: (value: string) => void;
}

function Field({ label, name, type, placeholder, value, fault, onChange }: FieldProps) {
  const faulty = fault === name;
  return (
    <label className="field">
      <span>{label}</span>
      <input
        className="mono"
        name={name}
        type={type}
        placeholder={placeholder}
        value={value}
        autoComplete="off"
        spellCheck={false}
        aria-invalid={faulty}
        aria-describedby={faulty ? `${name}-fault` : undefined}
        onChange={(event) => onChange(event.target.value)}
      />
      {faulty && (
        <span id={`${name}-fault`} className="field-fault" role="alert">
          {faults[name]}
        </span>
      )}
    </label>
  );
}
