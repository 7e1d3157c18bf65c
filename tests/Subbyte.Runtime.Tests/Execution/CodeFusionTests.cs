using Subbyte.Kernels;
using Subbyte.Tests.Kernels;
using Subbyte.Tests.Networks;

namespace Subbyte.Runtime.Tests.Execution;

/// <summary>Products that hand codes over answer as products that hand floats over, to the bit, on every instruction set.</summary>
[Collection(InstructionSetCollection.Name)]
public sealed class CodeFusionTests
{
    [Fact]
    public void Chains_answer_the_same_with_codes_as_with_floats() => Check(0, 300);

    [Fact]
    [Trait("Speed", "Slow")]
    public void Two_thousand_chains_answer_the_same_with_codes_as_with_floats() => Check(1000, 2000);

    private static void Check(int firstSeed, int count)
    {
        var done = new HashSet<string>(StringComparer.Ordinal);
        for (var seed = firstSeed; seed < firstSeed + count; seed++)
        {
            var random = new Random(seed);
            var network = RandomChain.Draw(random);
            var inputs = Enumerable.Range(0, 3).Select(sample => Input(random, network.Values[network.Input].Length, sample)).ToArray();
            var file = network.ToFile();
            InstructionSets.ForEach(set =>
            {
                var threads = set == Cpu.Best && seed % 20 == 0 ? 3 : 1;
                using var floats = new SubbyteSession(PackedNetwork.Read(file), new SessionOptions { KeepsFloats = true });
                using var codes = new SubbyteSession(PackedNetwork.Read(file), new SessionOptions { Threads = threads });
                foreach (var step in codes.Steps) done.Add(step.Description.Contains('→', StringComparison.Ordinal) ? step.Description[step.Description.IndexOf('→', StringComparison.Ordinal)..] : step.Description);
                foreach (var input in inputs)
                {
                    var (expected, found) = (new float[floats.OutputLength], new float[codes.OutputLength]);
                    floats.Run(input, expected);
                    codes.Run(input, found);
                    for (var i = 0; i < found.Length; i++) BitConverter.SingleToInt32Bits(found[i]).ShouldBe(BitConverter.SingleToInt32Bits(expected[i]), $"seed {seed}, {set}, output {i}: {string.Join("; ", codes.Steps.Select(step => step.Description))}");
                }
            });
        }

        foreach (var description in new[] { "→ thresholds", "→ codes", "max-pool of bits", "max-pool of bytes", "max-pool" }) done.ShouldContain(description);
    }

    /// <summary>Ordinary values; large ones; some that are no numbers.</summary>
    private static float[] Input(Random random, int length, int kind)
    {
        var input = random.Gaussians(length);
        for (var i = 0; i < length; i++)
        {
            if (kind == 1) input[i] *= 100;
            if (kind == 2 && random.Next(6) == 0) input[i] = random.Next(4) switch { 0 => float.NaN, 1 => float.PositiveInfinity, 2 => float.NegativeInfinity, _ => -0f };
        }

        return input;
    }
}
