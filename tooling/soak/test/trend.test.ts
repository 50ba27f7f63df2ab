/* The verdict on a series: growth is told from noise, and from the memory that a start takes. */

import { expect, it } from "vitest";
import { Random } from "../src/random.ts";
import { trend } from "../src/trend.ts";

const tolerance = { share: 0.1, least: 2 };
const noise = (least: number, most: number): number[] => {
  const random = new Random(1);
  return Array.from({ length: 90 }, () => random.between(least, most));
};

it("calls noise around a level flat", () => {
  expect(trend(noise(15, 20), tolerance).verdict).toBe("flat");
});

it("calls a leak under noise growing", () => {
  const leaking = noise(15, 20).map((value, place) => value + place * 0.1);
  expect(trend(leaking, tolerance).verdict).toBe("growing");
});

it("calls shrinking, one value and no value flat", () => {
  expect(trend([9, 8, 7, 6, 5, 4], tolerance).verdict).toBe("flat");
  expect(trend([9], tolerance)).toEqual({ verdict: "flat", first: 9, last: 9 });
  expect(trend([], tolerance).verdict).toBe("flat");
});

it("does not take one outlier at the end for growth", () => {
  expect(trend([...noise(15, 20), 900], tolerance).verdict).toBe("flat");
});
