import { discardDeadLetter, type DeadLetterSummary } from "#core/contracts/api/dead-letters.ts";
import { useApi, useApiChange } from "../api/queries.ts";
import { SchemaForm } from "../forms/schema-form.tsx";
import { formatInstant } from "../format/time.ts";
import { Drawer } from "../ui/drawer.tsx";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { useToast } from "../ui/toast.tsx";

/** A dead letter: why, what it holds, and what can be done. */
export function DeadLetterDrawer({ letter, onClose }: { readonly letter: DeadLetterSummary; readonly onClose: () => void }) {
  const { region, day, name } = letter;
  const params = { region, day, name };
  const say = useToast();
  const { data, error, refetch } = useApi("getDeadLetter", { params, query: {} });
  const replay = useApiChange("replayDeadLetter", ["listDeadLetters", "getDeadLetter"]);
  const discard = useApiChange("discardDeadLetter", ["listDeadLetters", "getDeadLetter"]);
  const failure = replay.error?.failure ?? discard.error?.failure ?? null;
  return (
    <Drawer title="Dead letter" wide onClose={onClose}>
      {error !== null && data === undefined && <FailureNotice failure={error.failure} onRetry={() => void refetch()} />}
      {data !== undefined && (
        <>
          <p>{data.reason}</p>
          <p className="mono muted breakable">{data.key}</p>
          {data.events.map((event) => (
            <section key={event.index}>
              <h3>
                Event {event.index}: {event.reason}
              </h3>
              <pre className="event-text" tabIndex={0}>
                {event.text || "not kept here"}
              </pre>
            </section>
          ))}
          {data.handling === null ? (
            <>
              <div className="actions">
                <button
                  type="button"
                  className="button button-primary"
                  disabled={replay.isPending}
                  onClick={() =>
                    replay.mutate(
                      { params, query: {} },
                      {
                        onSuccess: ({ stillDead }) =>
                          say(
                            stillDead === null ? "ok" : "error",
                            stillDead === null ? "All of it is stored." : "Some of it still cannot be stored.",
                          ),
                      },
                    )
                  }
                >
                  Store it once more
                </button>
              </div>
              <SchemaForm
                schema={discardDeadLetter.body}
                submit="Let it rest"
                busy={discard.isPending}
                failure={failure}
                onSubmit={(body) => discard.mutate({ params, query: {}, body }, { onSuccess: onClose })}
              />
            </>
          ) : (
            <p className="muted">
              {data.handling.outcome} {formatInstant(data.handling.atMs)} {data.handling.reason}
            </p>
          )}
        </>
      )}
    </Drawer>
  );
}
