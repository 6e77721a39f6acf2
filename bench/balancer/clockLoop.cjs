// How late ticks of a tenth of a millisecond are noticed by a loop that only looks at the clock; tells its parent after SECONDS.
const seconds = Number(process.argv[2]);
const start = performance.now();
const lateness = [];
for (let next = start; next < start + seconds * 1000; next += 0.1) {
  while (performance.now() < next);
  lateness.push(performance.now() - next);
}
lateness.sort((left, right) => left - right);
const at = (share) => lateness[Math.floor(share * (lateness.length - 1))];
process.send({ p50: at(0.5), p99: at(0.99), max: at(1) });
