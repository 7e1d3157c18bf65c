using System.Text.Json.Serialization;
using Subbyte.Calibration;
using Subbyte.Kernels;
using Subbyte.Methods;
using Subbyte.Networks;
using Subbyte.Packing;
using Subbyte.Runtime;

namespace Subbyte.Experiments.Verification;

/// <summary>Recipes packed on a network, and their sessions held to the emulation on every instruction set.</summary>
/// <param name="Model">File of the network.</param>
/// <param name="Samples">Samples that were compared.</param>
/// <param name="InstructionSets">The instruction sets that sessions ran on.</param>
/// <param name="Cases">One case a recipe.</param>
public sealed record PackedVerification(string Model, int Samples, IReadOnlyList<string> InstructionSets, IReadOnlyList<PackedCase> Cases)
{
    /// <summary>Name and version of the schema.</summary>
    [JsonPropertyOrder(-1)]
    public string Schema { get; } = "subbyte.verify-packed/1";

    /// <summary>Recipes that pack and whose answers are the emulation's.</summary>
    public int Passed => Cases.Count(each => each.Status == CaseStatus.Passed);

    /// <summary>Recipes that pack and whose answers are others.</summary>
    public int Failed => Cases.Count(each => each.Status == CaseStatus.Failed);

    /// <summary>Packs recipes and compares. Instruction sets are switched for the whole process while it runs.</summary>
    /// <param name="model">File of the network, for the document.</param>
    /// <param name="network">The network.</param>
    /// <param name="recipes">The recipes.</param>
    /// <param name="calibrator">Calibration samples.</param>
    /// <param name="samples">Samples that are compared.</param>
    /// <param name="count">How many of them.</param>
    /// <param name="threads">Threads of a run beside one.</param>
    /// <param name="progress">Told of each recipe that is done, or null.</param>
    /// <param name="cancellation">Cancels the comparison.</param>
    /// <returns>The document.</returns>
    public static PackedVerification Run(string model, Network network, IReadOnlyList<Recipe> recipes, Calibrator calibrator, ISampleSource samples, int count, int threads, Action<EvaluationProgress>? progress, CancellationToken cancellation)
    {
        var sets = Enum.GetValues<InstructionSet>().Where(set => set <= Cpu.Current).ToArray();
        var cases = new List<PackedCase>();
        foreach (var recipe in recipes)
        {
            cases.Add(Check(recipe, () => recipe.Apply(network, calibrator, cancellation), sets, samples, count, threads, cancellation));
            progress?.Invoke(new EvaluationProgress(cases.Count, recipes.Count));
        }

        return new PackedVerification(model, count, [.. sets.Select(set => set.ToString().ToLowerInvariant())], cases);
    }

    private static PackedCase Check(Recipe recipe, Func<LowBitNetwork> apply, InstructionSet[] sets, ISampleSource samples, int count, int threads, CancellationToken cancellation)
    {
        LowBitNetwork applied;
        PackedNetwork packed;
        try
        {
            applied = apply();
            packed = NetworkPacker.Pack(applied);
        }
        catch (UserErrorException refusal)
        {
            return new PackedCase(recipe.Text, CaseStatus.Unsupported, refusal.Message, null, null, null, null);
        }

        var file = packed.ToFile();
        var difference = Difference(file, NetworkRun.Execute(applied, samples, count, 1, null, cancellation), sets, samples, threads, cancellation);
        var products = packed.Steps.Where(step => step.Weights > 0).ToArray();
        return new PackedCase(
            recipe.Text,
            difference is null ? CaseStatus.Passed : CaseStatus.Failed,
            difference,
            string.Join("; ", products.CountBy(step => step.Kernel is { } kernel ? $"{step.Description} ({kernel})" : step.Description, StringComparer.Ordinal).Select(group => $"{group.Value} {group.Key}")),
            products.Sum(step => step.WeightBits) / (double)Math.Max(1, products.Sum(step => step.Weights)),
            products.Min(step => (double?)(step.WeightBits / (double)step.Weights)),
            file.Length);
    }

    private static string? Difference(byte[] file, NetworkRun reference, InstructionSet[] sets, ISampleSource samples, int threads, CancellationToken cancellation)
    {
        var widest = Cpu.Current;
        try
        {
            foreach (var (set, number) in sets.SelectMany(set => new[] { 1, threads }.Distinct().Select(number => (set, number))))
            {
                Cpu.Limit(set);
                using var session = new SubbyteSession(PackedNetwork.Read(file), new SessionOptions { Threads = number });
                if (Difference(session, reference, samples, cancellation) is { } place) return $"{set.ToString().ToLowerInvariant()}, {number} {(number == 1 ? "thread" : "threads")}: {place}";
            }

            return null;
        }
        finally
        {
            Cpu.Limit(widest);
        }
    }

    private static string? Difference(SubbyteSession session, NetworkRun reference, ISampleSource samples, CancellationToken cancellation)
    {
        var (input, output) = (new float[session.InputLength], new float[session.OutputLength]);
        if (output.Length != reference.OutputLength) return $"{output.Length} outputs where the emulation gives {reference.OutputLength}";
        for (var sample = 0; sample < reference.Samples; sample++)
        {
            samples.Read(sample, input);
            session.Run(input, output, cancellation);
            var expected = reference.Output(sample);
            for (var i = 0; i < output.Length; i++)
            {
                if (BitConverter.SingleToInt32Bits(output[i]) != BitConverter.SingleToInt32Bits(expected[i])) return $"sample {sample}, output {i} is {output[i]:G9} where the emulation gives {expected[i]:G9}";
            }
        }

        return null;
    }
}
