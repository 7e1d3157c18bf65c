// Times models in the real ONNX Runtime: node time.js MODULES. Commands are lines of JSON on standard input, answers lines of JSON on
// standard output: {"load": path, "exact": bool, "threads": n, "shape": [..]} gives {"session": id}; {"run": id, "runs": n} gives
// {"milliseconds": [..]}, each run timed here, in the process that does the work.
const { createRequire } = require('module');
const path = require('path');
const readline = require('readline');
const ort = createRequire(path.join(process.argv[2], 'x.js'))('onnxruntime-node');
const sessions = [];

async function load({ load, exact, threads, shape }) {
  const extra = exact ? { session: { x64quantprecision: '1' } } : {};
  const session = await ort.InferenceSession.create(load, { intraOpNumThreads: threads, interOpNumThreads: 1, logSeverityLevel: 3, extra });
  const values = new Float32Array(shape.reduce((a, b) => a * b, 1));
  for (let i = 0; i < values.length; i++) values[i] = Math.sin(i * 0.7) * 1.5;
  sessions.push({ session, feeds: { [session.inputNames[0]]: new ort.Tensor('float32', values, shape) } });
  return { session: sessions.length - 1 };
}

async function run({ run, runs }) {
  const { session, feeds } = sessions[run];
  const milliseconds = [];
  for (let i = 0; i < runs; i++) {
    const start = process.hrtime.bigint();
    await session.run(feeds);
    milliseconds.push(Number(process.hrtime.bigint() - start) / 1e6);
  }
  return { milliseconds };
}

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const command = JSON.parse(line);
    let answer;
    try {
      answer = 'load' in command ? await load(command) : await run(command);
    } catch (error) {
      answer = { error: String((error && error.message) || error).split('\n')[0] };
    }
    process.stdout.write(JSON.stringify(answer) + '\n');
  }
})();
