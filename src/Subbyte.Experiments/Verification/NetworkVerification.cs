using System.Runtime.InteropServices;
using Subbyte.Kernels;
using Subbyte.Methods;
using Subbyte.Networks;

namespace Subbyte.Experiments.Verification;

/// <summary>Holds a network to itself on every instruction set and thread count, and to the real ONNX Runtime.</summary>
public static class NetworkVerification
{
    /// <summary>Runs the checks. Instruction sets are switched for the whole process while it runs.</summary>
    /// <param name="model">Path of the ONNX file.</param>
    /// <param name="network">The network in it.</param>
    /// <param name="samples">Samples.</param>
    /// <param name="count">How many of them.</param>
    /// <param name="threads">The largest thread count tried.</param>
    /// <param name="runtime">ONNX Runtime, or null where it is absent.</param>
    /// <param name="progress">Told of each check that is done, or null.</param>
    /// <param name="cancellation">Cancels the checks.</param>
    /// <returns>One case a check.</returns>
    public static ConformanceDocument Run(string model, Network network, ISampleSource samples, int count, int threads, OnnxRuntimeProcess? runtime, Action<EvaluationProgress>? progress, CancellationToken cancellation)
    {
        var applied = Recipe.Float.Apply(network, null, cancellation);
        var (reference, cases) = RunVariants(number => NetworkRun.Execute(applied, samples, count, number, null, cancellation), threads, 1, progress);
        cases.Add(CompareWithOnnxRuntime(model, reference, samples, count, runtime, cancellation));
        return new ConformanceDocument(cases);
    }

    /// <summary>Holds a packed network to itself on noise. Instruction sets are switched for the whole process while it runs.</summary>
    /// <param name="path">Path of the packed file.</param>
    /// <param name="count">Samples.</param>
    /// <param name="seed">Seed of the noise.</param>
    /// <param name="threads">The largest number of callers tried.</param>
    /// <param name="progress">Told of each check that is done, or null.</param>
    /// <param name="cancellation">Cancels the checks.</param>
    /// <returns>One case a check.</returns>
    /// <exception cref="UserErrorException">The file cannot be read, or the network takes words.</exception>
    public static ConformanceDocument RunPacked(string path, int count, int seed, int threads, Action<EvaluationProgress>? progress, CancellationToken cancellation)
    {
        var network = PackedModel.Load(path).Network;
        if (network.TakesNumbers) throw new UserErrorException($"{path}: '{network.Name}' takes words; verify runs networks on noise, 'subbyte run' gives the perplexity of a text on any --isa");
        var samples = new NormalSamples(network.Values[network.Input].Dimensions.ToArray(), count, seed);
        // Weights are laid out for an instruction set when the file is read.
        return new ConformanceDocument(RunVariants(number => PackedRun.Execute(PackedModel.Load(path), samples, count, number, null, cancellation), threads, 0, progress).Cases);
    }

    private static (NetworkRun Reference, List<CaseResult> Cases) RunVariants(Func<int, NetworkRun> execute, int threads, int more, Action<EvaluationProgress>? progress)
    {
        var widest = Cpu.Current;
        var cases = new List<CaseResult>();
        var reference = execute(1);
        (InstructionSet Set, int Threads)[] variants = [.. Enum.GetValues<InstructionSet>().Where(set => set <= widest).SelectMany(set => new[] { 1, threads }.Distinct().Select(number => (set, number)))];
        try
        {
            foreach (var (set, number) in variants)
            {
                Cpu.Limit(set);
                cases.Add(Compare($"{set.ToString().ToLowerInvariant()}, {number} {(number == 1 ? "thread" : "threads")}", reference, execute(number)));
                progress?.Invoke(new EvaluationProgress(cases.Count, variants.Length + more));
            }
        }
        finally
        {
            Cpu.Limit(widest);
        }

        return (reference, cases);
    }

    private static CaseResult Compare(string name, NetworkRun reference, NetworkRun run)
    {
        if (MemoryMarshal.AsBytes(reference.Outputs.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(run.Outputs.AsSpan()))) return new CaseResult(name, CaseStatus.Passed, null, 0);
        double largest = 0;
        var first = -1;
        for (var i = 0; i < run.Outputs.Length; i++)
        {
            if (first < 0 && BitConverter.SingleToInt32Bits(run.Outputs[i]) != BitConverter.SingleToInt32Bits(reference.Outputs[i])) first = i;
            largest = Math.Max(largest, Math.Abs((double)run.Outputs[i] - reference.Outputs[i]));
        }

        return new CaseResult(name, CaseStatus.Failed, $"sample {first / run.OutputLength}, output {first % run.OutputLength} is {run.Outputs[first]:G9} where the widest instruction set gives {reference.Outputs[first]:G9}", largest);
    }

    private static CaseResult CompareWithOnnxRuntime(string model, NetworkRun reference, ISampleSource samples, int count, OnnxRuntimeProcess? runtime, CancellationToken cancellation)
    {
        const string Name = "ONNX Runtime, exact products";
        if (runtime is null) return new CaseResult(Name, CaseStatus.Unsupported, OnnxRuntimeProcess.HowToFind, null);
        var check = ExportVerification.Compare(reference, runtime.Run(model, samples, count, exact: true, cancellation));
        var summary = $"{check.SameTop1} of {check.Samples} predictions agree, {check.NearTies} of the others are near-ties";
        return new CaseResult(Name, check.Holds ? CaseStatus.Passed : CaseStatus.Failed, check.SameTop1 == check.Samples ? null : summary, check.LargestDifference);
    }
}
