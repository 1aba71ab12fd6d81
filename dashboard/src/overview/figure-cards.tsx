import type { MetricsAnswer } from "#core/contracts/api/metrics.ts";
import { Stat } from "../ui/stat.tsx";
import { formatMetric, numberOf } from "../format/metric.ts";
import { figureNames, figures, type FigureName } from "./figures.ts";

interface FigureCardsProps {
  /** `null`: not known yet. */
  readonly group: MetricsAnswer["groups"][number] | null;
  readonly chosen: FigureName;
  readonly onChoose: (name: FigureName) => void;
}

/** The figures of the range against those of the period before; the chosen one is drawn below. */
export function FigureCards({ group, chosen, onChoose }: FigureCardsProps) {
  return (
    <div className="figure-cards" role="group" aria-label="Figures" aria-busy={group === null}>
      {figureNames.map((name) => {
        const { title, unit, betterIs, color, hint } = figures[name];
        const now = numberOf(unit, group?.totals[name]);
        return (
          <Stat
            key={name}
            title={title}
            hint={hint}
            value={group === null ? null : formatMetric(unit, now)}
            change={{ now, before: numberOf(unit, group?.previous?.totals[name]), betterIs }}
            before={formatMetric(unit, numberOf(unit, group?.previous?.totals[name]))}
            course={(group?.series[name] ?? []).map((value) => numberOf(unit, value))}
            color={color}
            chosen={name === chosen}
            onChoose={() => onChoose(name)}
          />
        );
      })}
    </div>
  );
}
