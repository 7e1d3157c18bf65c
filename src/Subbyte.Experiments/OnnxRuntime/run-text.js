// Predicts a text word by word in the real ONNX Runtime: node run-text.js MODULES MODEL TEXT STREAMS STEPS KEPT SHAPES EXACT > OUTPUT
// TEXT holds STEPS × STREAMS pairs of int32: a word and the one that follows. SHAPES are those of the states, separated by semicolons. OUTPUT: the logits of
// the first KEPT steps as float32, then for each word its loss (float64), and for each its prediction and the gap to the second (float32 each).
const { createRequire } = require('module');
const fs = require('fs');
const path = require('path');
const [modules, model, text, streamCount, stepCount, keptCount, shapes, exact] = process.argv.slice(2);
const ort = createRequire(path.join(modules, 'x.js'))('onnxruntime-node');

function write(array) {
  const bytes = Buffer.from(array.buffer, array.byteOffset, array.byteLength);
  for (let done = 0; done < bytes.length;) done += fs.writeSync(1, bytes, done);
}

function score(logits, first, words, target) {
  let best = 0, second = -Infinity;
  for (let i = 1; i < words; i++) {
    const value = logits[first + i];
    if (value > logits[first + best]) { second = logits[first + best]; best = i; } else if (value > second) second = value;
  }
  const highest = logits[first + best];
  let sum = 0;
  for (let i = 0; i < words; i++) sum += Math.exp(logits[first + i] - highest);
  return [Math.log(sum) - (logits[first + target] - highest), best, highest - second];
}

(async () => {
  const extra = exact === '1' ? { session: { x64quantprecision: '1' } } : {};
  const session = await ort.InferenceSession.create(model, { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3, extra });
  const [streams, steps, kept] = [streamCount, stepCount, keptCount].map(Number);
  const bytes = fs.readFileSync(text);
  const pairs = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const [losses, answers] = [new Float64Array(steps * streams), new Float32Array(2 * steps * streams)];
  const zeros = (dims) => new ort.Tensor('float32', new Float32Array(dims.reduce((a, b) => a * b, 1)), dims);
  let states = shapes ? shapes.split(';').map((shape) => zeros(shape.split(',').map(Number))) : [];
  for (let step = 0; step < steps; step++) {
    const ids = BigInt64Array.from({ length: streams }, (_, i) => BigInt(pairs[2 * (step * streams + i)]));
    const feeds = { [session.inputNames[0]]: new ort.Tensor('int64', ids, [streams, 1]) };
    states.forEach((state, i) => { feeds[session.inputNames[i + 1]] = state; });
    const results = await session.run(feeds);
    const logits = results[session.outputNames[0]].data;
    states = states.map((_, i) => results[session.outputNames[i + 1]]);
    if (step < kept) write(logits);
    const words = logits.length / streams;
    for (let i = 0; i < streams; i++) {
      const at = step * streams + i;
      [losses[at], answers[2 * at], answers[2 * at + 1]] = score(logits, i * words, words, pairs[2 * at + 1]);
    }
  }
  write(losses);
  write(answers);
})().catch((error) => { console.error(String(error && error.message || error)); process.exit(3); });
