import { useState } from "react";
import * as z from "zod";
import { seriesColors } from "../chart/colors.ts";
import { TimeChart } from "../chart/time-chart.tsx";
import { SchemaForm } from "../forms/schema-form.tsx";
import { formatMetric } from "../format/metric.ts";
import type { Bounds } from "../range/time-range.ts";
import { RangePicker } from "../range/range-picker.tsx";
import { formatRange } from "../range/format-range.ts";
import { FilterBar } from "../filter/filter-bar.tsx";
import type { Condition } from "../filter/conditions.ts";
import { MessageView } from "../trace/message-view.tsx";
import { message } from "../wire/message.ts";
import { Badges } from "../ui/badges.tsx";
import { Change } from "../ui/change.tsx";
import { CodeBlock } from "../ui/code-block.tsx";
import { ConfirmButton } from "../ui/confirm-button.tsx";
import { DataTable } from "../ui/data-table.tsx";
import { Drawer } from "../ui/drawer.tsx";
import { FailureNotice } from "../ui/failure-notice.tsx";
import { Notice } from "../ui/notice.tsx";
import { Panel } from "../ui/panel.tsx";
import { Segments } from "../ui/segments.tsx";
import { Stat } from "../ui/stat.tsx";
import { Status } from "../ui/status.tsx";
import { useToast } from "../ui/toast.tsx";
import "../styles/conversation.css";
import "./design.css";

const colors = [
  "ground",
  "surface",
  "sunken",
  "line",
  "text",
  "text-muted",
  "text-faint",
  "accent",
  "ok",
  "warning",
  "error",
  "tool",
] as const;
const sizes = ["2xl", "xl", "lg", "md", "sm", "xs"] as const;
const hourMs = 3_600_000;
const bounds: Bounds = { fromMs: Date.UTC(2026, 10, 1), toMs: Date.UTC(2026, 10, 2) };
const points = Array.from({ length: 24 }, (_, hour) => bounds.fromMs + hour * hourMs);
const wave = (shift: number, size: number) => points.map((_, at) => Math.round(size * (1.2 + Math.sin((at + shift) / 3.8))));
const series = [
  { key: "a", label: "gpt-5-mini", color: "var(--series-1)", values: wave(0, 40) },
  { key: "b", label: "claude-sonnet-4-5", color: "var(--series-2)", values: wave(6, 22) },
  { key: "c", label: "gemini-2.5-flash", color: "var(--series-3)", values: wave(12, 12) },
];
const rows = [
  { name: "gpt-5-mini", cost: 1.2, before: 1.1 },
  { name: "claude-sonnet-4-5", cost: 4.46, before: 5.1 },
];
const formSchema = z.strictObject({
  name: z.string().min(2, "must have at least two letters"),
  record: z.enum(["normal", "durable"]).meta({ description: "`durable`: the last byte leaves when the record is safe." }),
  scopes: z.array(z.enum(["read", "write"])).min(1, "must name a scope"),
});
const said = (text: string) => ({ parts: [{ kind: "text", text }] }) as const;
const lookUp = { id: "call_1", name: "look_up_order", argumentsText: '{"orderId":"653-6724858"}' };
const conversation = [
  message("system", said("You help people with their orders.")),
  message("user", said("Where is my order?")),
  message("assistant", { toolCalls: [lookUp] }),
  message("tool", { ...said('{"status":"shipped"}'), toolCallId: lookUp.id }),
  message("assistant", said("It was shipped this morning.")),
];

/** Every component of the dashboard, in all of its states: what is used elsewhere is here, and what is here is used. */
export function DesignPage() {
  const say = useToast();
  const [segment, setSegment] = useState<"one" | "two">("one");
  const [chosen, setChosen] = useState(true);
  const [drawer, setDrawer] = useState(false);
  const [brushed, setBrushed] = useState("");
  const [conditions, setConditions] = useState<readonly Condition[]>([{ field: "status", operator: "in", value: ["error"] }]);
  return (
    <div className="page page-design">
      <div className="page-head">
        <h1>Design</h1>
        <div className="page-actions">
          <RangePicker />
        </div>
      </div>
      <div className="stacked">
        <Panel title="Colour by meaning">
          <ul className="swatches">
            {colors.map((name) => (
              <li key={name}>
                <span className="swatch" style={{ background: `var(--${name})` }} />
                {name}
              </li>
            ))}
            {seriesColors.map((color, at) => (
              <li key={color}>
                <span className="swatch" style={{ background: color }} />
                series {at + 1}
              </li>
            ))}
          </ul>
        </Panel>
        <Panel title="Type">
          {sizes.map((size) => (
            <p key={size} style={{ fontSize: `var(--text-${size})` }}>
              {size} — The slowest call of yesterday took 21.2 s and cost $0.0548
            </p>
          ))}
          <p className="mono">mono — 01a2227c946176d0a199d80a79da2fde</p>
        </Panel>
        <Panel title="Buttons and choices">
          <div className="actions">
            <button type="button" className="button button-primary">
              Primary
            </button>
            <button type="button" className="button">
              Plain
            </button>
            <button type="button" className="button" disabled>
              Disabled
            </button>
            <button type="button" className="quiet-button">
              Quiet
            </button>
            <ConfirmButton label="Revoke" isDangerous question="For good?" busy={false} onConfirm={() => say("error", "Revoked.")} />
            <button type="button" className="button" onClick={() => say("ok", "Saved.")}>
              Toast
            </button>
            <button type="button" className="button" onClick={() => setDrawer(true)}>
              Drawer
            </button>
            <Segments
              label="Example"
              value={segment}
              options={[
                ["one", "One"],
                ["two", "Two"],
              ]}
              onChange={setSegment}
            />
          </div>
        </Panel>
        <Panel title="States">
          <div className="actions">
            <Status status="ok" />
            <Status status="cancelled" />
            <Status status="error" />
            <Badges simulated streamed />
            <Change now={12} before={10} betterIs="lower" />
            <Change now={8} before={10} betterIs="lower" />
            <Change now={12} before={10} betterIs="neither" />
          </div>
        </Panel>
        <Panel title="Figures">
          <div className="design-stats">
            <Stat
              title="Requests"
              hint="Calls of models"
              value="6,030"
              change={{ now: 6_030, before: 5_600, betterIs: "neither" }}
              before="5,600"
              course={series[0]?.values ?? []}
              color="var(--series-1)"
              chosen={chosen}
              onChoose={() => setChosen(!chosen)}
            />
            <Stat
              title="Cost"
              hint="Not known yet"
              value={null}
              change={{ now: null, before: null, betterIs: "lower" }}
              before="–"
              course={[]}
              color="var(--series-2)"
              chosen={false}
              onChoose={() => setChosen(false)}
            />
          </div>
        </Panel>
        <Panel title="Charts">
          {(["bars", "lines"] as const).map((kind) => (
            <TimeChart
              key={kind}
              label={`Example as ${kind}`}
              points={points}
              bounds={bounds}
              series={series}
              kind={kind}
              format={(value) => formatMetric("count", value)}
              height={180}
              onBrush={(range) => setBrushed(formatRange(range))}
            />
          ))}
          <p className="muted" role="status">
            {brushed === "" ? "Drag to choose a part." : `Chosen: ${brushed}`}
          </p>
        </Panel>
        <Panel title="Filter">
          <FilterBar conditions={conditions} nameOf={(_, value) => value} onChange={setConditions} />
        </Panel>
        <Panel title="Tables">
          {[rows, null, []].map((given, at) => (
            <DataTable
              key={at}
              label={`Example ${at + 1}`}
              columns={[
                { key: "name", title: "Model", renderCell: ({ name }) => name },
                { key: "cost", title: "Cost", align: "end", renderCell: ({ cost }) => formatMetric("nanoUsd", cost) },
                {
                  key: "change",
                  title: "Change",
                  align: "end",
                  renderCell: ({ cost, before }) => <Change now={cost} before={before} betterIs="lower" />,
                },
              ]}
              rows={given}
              keyOf={({ name }) => name}
              empty="Nothing is here."
            />
          ))}
        </Panel>
        <Panel title="Form">
          <SchemaForm
            schema={formSchema}
            submit="Send"
            busy={false}
            failure={null}
            onSubmit={({ name }) => say("ok", `${name} is sent.`)}
          />
        </Panel>
        <Panel title="Conversation">
          <div className="conversation">
            {conversation.map((turn, at) => (
              <MessageView key={at} message={turn} />
            ))}
          </div>
        </Panel>
        <Panel title="Code">
          <CodeBlock text={`curl http://127.0.0.1:8787/v1/models \\\n  -H "Authorization: Bearer $EVALFORGE_API_KEY"`} what="example" />
        </Panel>
        <Panel title="Nothing, waiting, failed">
          <Notice title="Nothing is here" tone="quiet">
            <p>What would be here, and how it comes here.</p>
          </Notice>
          <Notice title="Waiting for this trace" tone="waiting">
            <p>A trace is here within two seconds.</p>
          </Notice>
          <FailureNotice
            failure={{ kind: "unavailable", status: 0, what: "the server", message: "The server cannot be reached." }}
            onRetry={() => say("ok", "Tried again.")}
          />
        </Panel>
      </div>
      {drawer && (
        <Drawer title="Drawer" onClose={() => setDrawer(false)}>
          <p>It lies over the page; Escape closes it.</p>
        </Drawer>
      )}
    </div>
  );
}
