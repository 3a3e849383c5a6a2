import { graphOf, type RoadClass, type RoadGraph } from "@dsp-fleet/city/roads";

const ROWS = 12;
const COLUMNS = 12;
/** About 100 m in Barcelona. */
const BLOCK_LAT = 0.0009;
const BLOCK_LON = 0.0012;

const classOfStreet = (line: number): RoadClass =>
  line % 6 === 0 ? "secondary" : line % 3 === 0 ? "tertiary" : "minor";

/** A made-up town of square blocks: wide and narrow streets, every second narrow one one-way, a motorway along its edge. */
export const aGridTown = (): RoadGraph => {
  const number = (row: number, column: number): number => row * COLUMNS + column;
  const cells = Array.from({ length: ROWS * COLUMNS }, (_, at) => ({
    row: Math.floor(at / COLUMNS),
    column: at % COLUMNS,
  }));
  const nodes = cells.map(({ row, column }) => ({ lat: 41.38 + row * BLOCK_LAT, lon: 2.15 + column * BLOCK_LON }));
  const street = (from: number, to: number, line: number) => {
    const roadClass = classOfStreet(line);
    const oneway = roadClass === "minor" && line % 2 === 0;
    const forward = line % 4 === 2;
    return { from: forward ? from : to, to: forward ? to : from, roadClass, oneway };
  };
  const roads = cells.flatMap(({ row, column }) => [
    ...(column + 1 < COLUMNS ? [street(number(row, column), number(row, column + 1), row)] : []),
    ...(row + 1 < ROWS ? [street(number(row, column), number(row + 1, column), column)] : []),
  ]);
  const motorway = { from: number(0, 0), to: number(0, COLUMNS - 1), roadClass: "motorway" as const, tunnel: true };
  return graphOf({ nodes, roads: [...roads, motorway], stops: cells.map((_, at) => at) });
};
