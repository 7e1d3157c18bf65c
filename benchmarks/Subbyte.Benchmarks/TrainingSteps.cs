using System.Diagnostics;
using System.Globalization;
using Subbyte.Experiments;
using Subbyte.Kernels;
using Subbyte.Networks;
using Subbyte.Networks.Execution;
using Subbyte.Training;

namespace Subbyte.Benchmarks;

/// <summary>
/// <c>training [avx2|avx512]</c>: a training step of ResNet-20 (batch 128), LeNet-5 (batch 256) and a word LSTM of 200 units (20 streams of 35 words, 5,000 words),
/// two threads, beside PyTorch's on the same machine in turns, and the share of the machine's peak. PyTorch is what <c>SUBBYTE_PYTHON</c>, by default
/// <c>/usr/bin/python3</c>, imports; without it our own figures stand alone.
/// </summary>
internal static class TrainingSteps
{
    private const int Threads = 2;
    private const double Milliseconds = 3000;
    private const int Words = 5000;

    /// <summary>Measures and prints.</summary>
    /// <param name="instructionSet">The instruction set to force, or null.</param>
    public static void Run(string? instructionSet)
    {
        if (instructionSet is not null) Cpu.Limit(Enum.Parse<InstructionSet>(instructionSet, ignoreCase: true));
        var peak = PeakBenchmark.Run(Threads, CancellationToken.None).Where(limit => limit.Name == "fp32 multiply-add" && limit.Threads == Threads).Max(limit => limit.GigaPerSecond);
        Console.WriteLine($"instruction set {Cpu.Current}, {Threads} threads, peak {2 * peak:0} GFLOP/s");
        var preprocessing = Preprocessing.Identity;
        Measure("resnet20", BuiltInNetworks.Create("resnet20", [3, 32, 32], 10, preprocessing, new BuiltInNetworkOptions()), Images(128, 3, 32, 32), 128, peak);
        Measure("lenet5", BuiltInNetworks.Create("lenet5", [1, 28, 28], 10, preprocessing, new BuiltInNetworkOptions()), Images(256, 1, 28, 28), 256, peak);
        Measure("lstm", LanguageModels.Create(Words, 200, 1, 0, 1), Text(20, 35), 20, peak);
    }

    private static void Measure(string name, Network network, LabeledSamples data, int batch, double peak)
    {
        var team = new WorkerTeam(Threads);
        var graph = new TrainingGraph(network, batch, 0, team, null, data.LabelsPerSample);
        var optimizer = new SgdOptions().Start(graph.Parameters);
        int[] indices = [.. Enumerable.Range(0, batch)];
        var own = new OwnContender(Step);
        using var rival = Rival.Start(name, batch);
        var timings = Contest.Run(rival is null ? [own] : [own, rival], Milliseconds, CancellationToken.None);
        // Forward, gradient of the input and gradient of the weights: two operations a multiply-accumulate each.
        var operations = 6.0 * batch * data.LabelsPerSample * MacsOfAnswer(network, name);
        var line = $"{name,-9} batch {batch,3}  ours {timings[0].MinimumMilliseconds,8:0.00} ms (median {timings[0].MedianMilliseconds:0.00}), {timings[0].Giga(operations):0.0} GFLOP/s, {timings[0].Giga(operations) / (2 * peak):P0} of the peak";
        Console.WriteLine(rival is null ? line : $"{line}; PyTorch {timings[1].MinimumMilliseconds:0.00} ms (median {timings[1].MedianMilliseconds:0.00}): {timings[0].MinimumMilliseconds / timings[1].MinimumMilliseconds:0.00}×  [{rival.Description}]");

        void Step()
        {
            graph.ComputeGradients(data, indices);
            optimizer.Begin(0.01);
            team.Run(optimizer.Count, (parameter, _) => optimizer.Move(parameter));
        }
    }

    private static double MacsOfAnswer(Network network, string name)
        => name == "lstm" ? (2.0 * 4 * 200 * 200) + (200.0 * Words) : ExecutionPlan.Compile(network).DotProducts.Sum(layer => (double)layer.Geometry.Macs);

    private static LabeledSamples Images(int count, params int[] shape)
    {
        var random = new SeededRandom(1);
        var length = shape.Aggregate(1, (product, size) => product * size);
        var samples = new ArraySamples([.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, length).Select(_ => (2 * random.NextFloat()) - 1).ToArray())], shape);
        return new LabeledSamples(samples, [.. Enumerable.Range(0, count).Select(_ => random.Next(10))]);
    }

    private static LabeledSamples Text(int streams, int steps)
    {
        var random = new SeededRandom(1);
        var samples = new ArraySamples([.. Enumerable.Range(0, streams).Select(_ => Enumerable.Range(0, steps).Select(_ => (float)random.Next(Words)).ToArray())], [1, steps]);
        return new LabeledSamples(samples, [.. Enumerable.Range(0, streams * steps).Select(_ => random.Next(Words))], steps, streams);
    }

    private sealed class ArraySamples(float[][] samples, int[] shape) : ISampleSource
    {
        public int Count => samples.Length;

        public ReadOnlySpan<int> SampleShape => shape;

        public void Read(int index, Span<float> destination) => samples[index].CopyTo(destination);
    }

    /// <summary>PyTorch in a process of its own, which times its steps itself.</summary>
    private sealed class Rival : IContender, IDisposable
    {
        private readonly Process _process;

        private Rival(Process process, string description) => (_process, Description) = (process, description);

        public string Description { get; }

        public static Rival? Start(string name, int batch)
        {
            var python = Environment.GetEnvironmentVariable("SUBBYTE_PYTHON") ?? "/usr/bin/python3";
            if (!File.Exists(python)) return null;
            var start = new ProcessStartInfo(python, [Path.Combine(AppContext.BaseDirectory, "training_steps.py"), name, $"{batch}", $"{Threads}"]) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
            var process = Process.Start(start)!;
            if (process.StandardOutput.ReadLine() is { } description) return new Rival(process, description);
            Console.WriteLine("PyTorch is left out: it could not be imported");
            return null;
        }

        public void Run(int runs, ICollection<double> milliseconds)
        {
            _process.StandardInput.WriteLine(runs);
            _process.StandardInput.Flush();
            foreach (var time in _process.StandardOutput.ReadLine()!.Split(' ')) milliseconds.Add(double.Parse(time, CultureInfo.InvariantCulture));
        }

        public void Dispose()
        {
            _process.StandardInput.Close();
            _process.WaitForExit();
            _process.Dispose();
        }
    }
}
