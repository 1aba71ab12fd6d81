import { formatCount } from "../format/numbers.ts";
import type { VectorGlimpse } from "../wire/embedding.ts";

const shownVectors = 20;

/** Embeddings by their size and first values: nobody reads the other fifteen hundred. */
export function Vectors({ vectors }: { readonly vectors: readonly VectorGlimpse[] }) {
  return (
    <div className="vectors">
      <table>
        <thead>
          <tr>
            <th scope="col">#</th>
            <th scope="col">Dimensions</th>
            <th scope="col">First values</th>
          </tr>
        </thead>
        <tbody>
          {vectors.slice(0, shownVectors).map((vector) => (
            <tr key={vector.index}>
              <td>{vector.index}</td>
              <td>{formatCount(vector.dimensions)}</td>
              <td className="mono">
                {vector.firstValues.map((value) => value.toFixed(5)).join(", ")}
                {vector.dimensions > vector.firstValues.length && ", …"}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {vectors.length > shownVectors && <p className="muted">and {formatCount(vectors.length - shownVectors)} more</p>}
    </div>
  );
}
