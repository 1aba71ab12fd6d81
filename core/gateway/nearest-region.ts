import { regions, regionSchema, type Region } from "../contracts/region.ts";

/** The region nearest to a place on earth (degrees), by great-circle distance. */
export function nearestRegion(latitude: number, longitude: number): Region {
  return regionSchema.options.reduce((nearest, region) =>
    closeness(region, latitude, longitude) > closeness(nearest, latitude, longitude) ? region : nearest,
  );
}

/** Cosine of the angle between the region and the place: greater is nearer. */
function closeness(region: Region, latitude: number, longitude: number): number {
  const row = regions[region];
  const [north, place] = [radians(row.latitude), radians(latitude)];
  return Math.sin(north) * Math.sin(place) + Math.cos(north) * Math.cos(place) * Math.cos(radians(row.longitude - longitude));
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}
