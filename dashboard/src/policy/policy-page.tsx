import { useState, type SyntheticEvent } from "react";
import type { ProjectPolicy } from "#core/contracts/policy.ts";
import { useApi, useApiChange } from "../api/queries.ts";
import { useProject } from "../shell/project-context.ts";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { Panel } from "../ui/panel.tsx";
import { Segments } from "../ui/segments.tsx";
import { useToast } from "../ui/toast.tsx";
import { Masking } from "./masking.tsx";
import { draftOfPolicy, readPolicyDraft, type PolicyDraft } from "./policy-draft.ts";
import { Retention } from "./retention.tsx";
import "../forms/forms.css";
import "./policy.css";

/** What holds for all calls and events of the project. */
export function PolicyPage() {
  const { projectId } = useProject();
  const { data, error, refetch } = useApi("getPolicy", { params: { projectId }, query: {} });
  if (error !== null && data === undefined) return <FailureNotice failure={error.failure} onRetry={() => void refetch()} />;
  return (
    <div className="page page-narrow">
      <div className="page-head">
        <h1>Policy</h1>
      </div>
      {data === undefined ? <div className="panel page-loading" aria-busy="true" /> : <PolicyForm stored={data} />}
    </div>
  );
}

/** What is typed stays, also where the stored policy is read anew meanwhile. */
function PolicyForm({ stored }: { readonly stored: ProjectPolicy }) {
  const { projectId } = useProject();
  const say = useToast();
  const [draft, setDraft] = useState<PolicyDraft>(() => draftOfPolicy(stored));
  const [faults, setFaults] = useState<Readonly<Record<string, string>>>({});
  const put = useApiChange("putPolicy", ["getPolicy"]);
  const change = (changes: Partial<PolicyDraft>) => setDraft({ ...draft, ...changes });
  const save = (event: SyntheticEvent) => {
    event.preventDefault();
    const read = readPolicyDraft(draft);
    setFaults(read.kind === "faulty" ? read.faults : {});
    if (read.kind === "faulty") return;
    put.mutate(
      { params: { projectId }, query: {}, body: read.policy },
      { onSuccess: () => say("ok", "Saved. Every region knows it within 5 seconds.") },
    );
  };
  return (
    <form className="stacked policy" noValidate onSubmit={save}>
      <Panel title="Records">
        <p className="muted">
          Usually a record is on its way when a call ends; were its machine to die that moment, it would be lost. A durable call releases
          its last byte only when its record is safe, which takes some milliseconds.
        </p>
        <Segments
          label="Records"
          value={draft.record}
          options={[
            ["normal", "Normal"],
            ["durable", "Durable"],
          ]}
          onChange={(record) => change({ record })}
        />
      </Panel>
      <Panel title="Inputs and outputs">
        <p className="muted">
          Where they are not stored, calls still have their figures: model, tokens, cost, times. What was stored before stays.
        </p>
        <Segments
          label="Inputs and outputs"
          value={draft.payloads}
          options={[
            ["stored", "Stored"],
            ["off", "Not stored"],
          ]}
          onChange={(payloads) => change({ payloads })}
        />
      </Panel>
      <Masking draft={draft} faults={faults} onChange={change} />
      <Retention draft={draft} faults={faults} onChange={change} />
      {put.error !== null && (
        <p className="field-fault" role="alert">
          {put.error.failure.message}
        </p>
      )}
      {Object.keys(faults).length > 0 && (
        <p className="field-fault" role="alert">
          Nothing was saved: see what is marked above.
        </p>
      )}
      <p className="actions">
        <button type="submit" className="button button-primary" disabled={put.isPending}>
          Save the policy
        </button>
      </p>
    </form>
  );
}
