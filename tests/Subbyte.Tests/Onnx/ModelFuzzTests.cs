using Subbyte.Onnx;
using Subbyte.Tensors;

namespace Subbyte.Tests.Onnx;

/// <summary>Damaged models by the thousand: reading, folding, compiling and running them succeeds or is refused in one line, in bounded time and memory.</summary>
public sealed class ModelFuzzTests
{
    [Fact]
    public void Sound_models_run()
    {
        foreach (var (number, bytes) in GoodModels.All.Index()) MutantRun.Check(bytes, $"model {number}", new Random(number)).ShouldBeNull();
    }

    [Fact]
    public void Damaged_bytes() => Fuzz(2000, seed: 1, ModelDamage.Bytes);

    [Fact]
    public void Damaged_messages() => Fuzz(2000, seed: 2, ModelDamage.Messages);

    [Fact]
    public void Damaged_numbers() => Fuzz(2000, seed: 8, ModelDamage.Numbers);

    [Fact]
    public void Random_bytes() => Fuzz(500, seed: 3, (random, _) =>
    {
        var bytes = new byte[random.Next(1, 2000)];
        random.NextBytes(bytes);
        return bytes;
    });

    [Fact]
    public void Truncated_models()
    {
        var model = GoodModels.All[0];
        for (var length = 0; length < model.Length; length += Math.Max(1, model.Length / 400)) MutantRun.Check(model[..length], $"first {length} bytes", new Random(length));
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData(4)]
    [InlineData(5)]
    public void Damaged_models_by_the_ten_thousand(int seed)
    {
        Fuzz(15_000, seed, ModelDamage.Bytes);
        Fuzz(15_000, seed, ModelDamage.Messages);
        Fuzz(15_000, seed + 10, ModelDamage.Numbers);
    }

    /// <summary>The models of ONNX's own cases: one of every operator.</summary>
    [SkippableTheory]
    [Trait("Speed", "Slow")]
    [InlineData(6, 60)]
    [InlineData(7, 60)]
    public void Damaged_operator_cases(int seed, int mutants)
    {
        var cases = Directory.GetFiles(SharedData.Require("onnx-backend-tests"), "model.onnx", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToArray();
        foreach (var (number, path) in cases.Index())
        {
            var good = File.ReadAllBytes(path);
            var inputs = Inputs(Path.Combine(Path.GetDirectoryName(path)!, "test_data_set_0"));
            for (var i = 0; i < mutants; i++)
            {
                var random = new Random((seed * 1_000_000) + (number * 1000) + i);
                var mutant = (i % 6) switch { 0 => ModelDamage.Bytes(random, good), 1 => ModelDamage.Messages(random, good), _ => ModelDamage.Numbers(random, good) };
                Tensor[] bound = (i % 3) switch { 0 => inputs, 1 => [.. inputs.Select(input => ModelDamage.Values(random, input))], _ => [] };
                MutantRun.Check(mutant, $"mutant {i} of seed {seed} of {path}", random, bound);
            }
        }
    }

    private static Tensor[] Inputs(string folder)
    {
        try
        {
            return [.. Enumerable.Range(0, 8).Select(i => Path.Combine(folder, $"input_{i}.pb")).TakeWhile(File.Exists).Select(file => OnnxTensor.Load(file).Tensor)];
        }
        catch (UserErrorException)
        {
            // Of an element type that is not supported.
            return [];
        }
    }

    private static void Fuzz(int count, int seed, Func<Random, byte[], byte[]> damage)
    {
        for (var i = 0; i < count; i++)
        {
            var random = new Random((seed * 1_000_000) + i);
            var good = GoodModels.All[random.Next(GoodModels.All.Length)];
            MutantRun.Check(damage(random, good), $"mutant {i} of seed {seed}", random);
        }
    }
}
