import "./zod-without-eval.ts";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { openSession } from "./session.ts";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/trace-list.css";
import "./styles/trace.css";
import "./styles/conversation.css";

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <App initialSession={openSession(window)} />
  </StrictMode>,
);
