// Runs a model in the real ONNX Runtime: node run.js MODULES MODEL INPUT SAMPLES SHAPE EXACT > OUTPUT
// INPUT and OUTPUT are raw float32; SHAPE is the shape of one sample, comma separated; EXACT = 1 asks for exact 8-bit products.
const { createRequire } = require('module');
const fs = require('fs');
const path = require('path');
const [modules, model, input, samples, shape, exact] = process.argv.slice(2);
const ort = createRequire(path.join(modules, 'x.js'))('onnxruntime-node');
(async () => {
  const extra = exact === '1' ? { session: { x64quantprecision: '1' } } : {};
  const session = await ort.InferenceSession.create(model, { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3, extra });
  const dims = shape.split(',').map(Number);
  const length = dims.reduce((a, b) => a * b, 1);
  const bytes = fs.readFileSync(input);
  const values = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const batch = 8;
  for (let i = 0; i < Number(samples); i += batch) {
    const count = Math.min(batch, Number(samples) - i);
    const tensor = new ort.Tensor('float32', values.slice(i * length, (i + count) * length), [count, ...dims]);
    const results = await session.run({ [session.inputNames[0]]: tensor });
    const output = results[session.outputNames[0]].data;
    fs.writeSync(1, Buffer.from(output.buffer, output.byteOffset, output.byteLength));
  }
})().catch((error) => { console.error(String(error && error.message || error)); process.exit(3); });
