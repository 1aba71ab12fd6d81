interface Snippet {
  readonly title: string;
  readonly write: (gatewayUrl: string, key: string) => string;
}

/** How a first call is made: what is there already stays, the address and the key change. */
export const snippets = {
  curl: {
    title: "curl",
    write: (url, key) =>
      [
        `curl ${url}/v1/chat/completions \\`,
        `  -H "Authorization: Bearer ${key}" \\`,
        `  -H "Content-Type: application/json" \\`,
        `  -d '{"model": "openai/gpt-4o-mini", "messages": [{"role": "user", "content": "Say hello."}]}'`,
      ].join("\n"),
  },
  node: {
    title: "Node",
    write: (url, key) =>
      [
        `import OpenAI from "openai";`,
        ``,
        `const client = new OpenAI({`,
        `  baseURL: "${url}/v1",`,
        `  apiKey: "${key}",`,
        `});`,
        `const answer = await client.chat.completions.create({`,
        `  model: "openai/gpt-4o-mini",`,
        `  messages: [{ role: "user", content: "Say hello." }],`,
        `});`,
        `console.log(answer.choices[0].message.content);`,
      ].join("\n"),
  },
  python: {
    title: "Python",
    write: (url, key) =>
      [
        `from openai import OpenAI`,
        ``,
        `client = OpenAI(`,
        `    base_url="${url}/v1",`,
        `    api_key="${key}",`,
        `)`,
        `answer = client.chat.completions.create(`,
        `    model="openai/gpt-4o-mini",`,
        `    messages=[{"role": "user", "content": "Say hello."}],`,
        `)`,
        `print(answer.choices[0].message.content)`,
      ].join("\n"),
  },
  vercel: {
    title: "Vercel AI SDK",
    write: (url, key) =>
      [
        `import { createOpenAI } from "@ai-sdk/openai";`,
        `import { generateText } from "ai";`,
        ``,
        `const gateway = createOpenAI({`,
        `  baseURL: "${url}/v1",`,
        `  apiKey: "${key}",`,
        `});`,
        `const { text } = await generateText({`,
        `  model: gateway.chat("openai/gpt-4o-mini"),`,
        `  prompt: "Say hello.",`,
        `});`,
        `console.log(text);`,
      ].join("\n"),
  },
  langchain: {
    title: "LangChain",
    write: (url, key) =>
      [
        `from langchain_openai import ChatOpenAI`,
        ``,
        `model = ChatOpenAI(`,
        `    base_url="${url}/v1",`,
        `    api_key="${key}",`,
        `    model="openai/gpt-4o-mini",`,
        `)`,
        `print(model.invoke("Say hello.").content)`,
      ].join("\n"),
  },
} as const satisfies Readonly<Record<string, Snippet>>;

export type SnippetName = keyof typeof snippets;
export const snippetNames = ["curl", "node", "python", "vercel", "langchain"] as const satisfies readonly SnippetName[];
