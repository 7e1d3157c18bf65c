// Runs many models in the real ONNX Runtime: node run-models.js MODULES FOLDER
// FOLDER/models.jsonl has a line a model, offsets and lengths in bytes of FOLDER/models.bin: {"model":[offset,length],"inputs":[{"name","type","dims","data":[offset,length]}]}
// FOLDER/results.jsonl gets a line a model: {"outputs":[{"type","dims","data":[offset,length]}]}, in bytes of FOLDER/results.bin, or {"error":"..."}.
// Graphs run as they are written (no optimisation), 8-bit products exactly.
const { createRequire } = require('module');
const fs = require('fs');
const path = require('path');
const [modules, folder] = process.argv.slice(2);
const ort = createRequire(path.join(modules, 'x.js'))('onnxruntime-node');
const options = { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 4, graphOptimizationLevel: 'disabled', extra: { session: { x64quantprecision: '1' } } };
const arrays = {
  float32: Float32Array, float64: Float64Array, float16: Uint16Array, bool: Uint8Array, uint8: Uint8Array, int8: Int8Array,
  uint16: Uint16Array, int16: Int16Array, uint32: Uint32Array, int32: Int32Array, uint64: BigUint64Array, int64: BigInt64Array,
};
(async () => {
  const blob = fs.readFileSync(path.join(folder, 'models.bin'));
  const results = fs.openSync(path.join(folder, 'results.bin'), 'w');
  const lines = fs.openSync(path.join(folder, 'results.jsonl'), 'w');
  const copy = ([offset, length]) => new Uint8Array(blob.subarray(offset, offset + length));
  let end = 0;
  const run = async (entry) => {
    const session = await ort.InferenceSession.create(copy(entry.model), options);
    const feeds = {};
    for (const input of entry.inputs) {
      if (!session.inputNames.includes(input.name)) continue;
      if (!arrays[input.type]) throw new Error(`NOT_IMPLEMENTED : inputs of ${input.type}`);
      feeds[input.name] = new ort.Tensor(input.type, new arrays[input.type](copy(input.data).buffer), input.dims);
    }
    const values = await session.run(feeds);
    const outputs = [];
    for (const name of session.outputNames) {
      const { type, dims, data } = values[name];
      const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
      fs.writeSync(results, bytes);
      outputs.push({ type, dims, data: [end, bytes.length] });
      end += bytes.length;
    }
    await session.release();
    return { outputs };
  };
  for (const line of fs.readFileSync(path.join(folder, 'models.jsonl'), 'utf8').split('\n')) {
    if (line.length === 0) continue;
    const result = await run(JSON.parse(line)).catch((error) => ({ error: String(error && error.message || error) }));
    fs.writeSync(lines, JSON.stringify(result) + '\n');
  }
})().catch((error) => { console.error(String(error && error.message || error)); process.exit(3); });
