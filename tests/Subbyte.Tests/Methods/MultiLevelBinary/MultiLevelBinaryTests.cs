using Subbyte.Kernels;
using Subbyte.Lowering;
using Subbyte.Methods;
using Subbyte.Methods.MultiLevelBinary;
using Subbyte.Tests.Lowering;

namespace Subbyte.Tests.Methods.MultiLevelBinary;

/// <summary>The multi-level binary baselines by the vectors of multi-level ternary's specification and their papers' rules.</summary>
public sealed class MultiLevelBinaryTests
{
    private static readonly float[] Weights = [0.9f, -0.05f, 0.3f, -0.7f, 0.02f, 0, -0.35f, 1.4f, -0.1f, 0.55f, -1.1f, 0.2f];

    [Fact]
    public void Residual_signs_follow_the_vectors()
    {
        var quantizer = new ResidualSignActivations("rebnet", 3);
        float[][] parameters = [new float[3]];
        quantizer.Initialize([], parameters, new SeededRandom(0));
        parameters[0].ShouldBe([1 / 2f, 1 / 3f, 1 / 6f], 1e-7);
        foreach (var row in VectorTable.Read("Methods/MultiLevelBinary/rebnet.vectors.txt"))
        {
            var quantized = new float[1];
            quantizer.Forward([row.Float("x")], parameters, quantized);
            quantized[0].ShouldBe(row.Float("value"), 1e-6f, row.ToString());
        }
    }

    [Fact]
    public void Residual_weights_follow_the_vectors()
    {
        foreach (var row in VectorTable.Read("Methods/MultiLevelBinary/fit.vectors.txt"))
        {
            var levels = row.Integer("levels");
            var scales = new double[levels];
            new ResidualBasis().Encode(Weights, [], scales, new sbyte[levels * Weights.Length]);
            scales[^1].ShouldBe(row.Number("scale"), 1e-6);
            var quantized = Forward(new ResidualBasis(), levels);
            Weights.Zip(quantized, (w, q) => ((double)w - q) * ((double)w - q)).Average().ShouldBe(row.Number("mse"), 1e-6);
        }
    }

    [Fact]
    public void A_residual_sign_has_the_gradient_of_its_scales()
    {
        var random = new SeededRandom(3);
        float[] x = [.. Enumerable.Range(0, 200).Select(_ => (float)random.NextGaussian())];
        float[] g = [.. Enumerable.Range(0, 200).Select(_ => (float)random.NextGaussian())];
        var quantizer = new ResidualSignActivations("rebnet", 2);
        float[][] gradients = [new float[2]];
        quantizer.Backward(x, [[0.6f, 0.3f]], g, new float[200], gradients);
        for (var level = 0; level < 2; level++)
        {
            // The signs are held: ∂out/∂γ_i = b_i.
            var expected = x.Zip(g, (value, d) => d * (double)Sign(value, level)).Sum();
            ((double)gradients[0][level]).ShouldBe(expected, 1e-4);
        }

        static int Sign(float value, int level)
        {
            var first = value >= 0 ? 1 : -1;
            return level == 0 ? first : value - (0.6f * first) >= 0 ? 1 : -1;
        }
    }

    [Fact]
    public void One_shifted_base_is_the_sign_around_the_mean()
    {
        var mean = Weights.Average();
        var scale = Weights.Average(weight => Math.Abs(weight - mean));
        Forward(new ShiftedBasis(), 1).ShouldBe(Weights.Select(weight => weight >= mean ? scale : -scale), 1e-6);
    }

    [Fact]
    public void More_bases_are_nearer()
    {
        var random = new SeededRandom(5);
        float[] row = [.. Enumerable.Range(0, 300).Select(_ => (float)random.NextGaussian())];
        double Error(IBinaryBasis basis, int levels)
        {
            var quantized = new float[300];
            new MultiLevelBinaryWeights("x", 1, 300, levels, basis, 0).Forward(row, State(basis, row), quantized);
            return row.Zip(quantized, (w, q) => ((double)w - q) * ((double)w - q)).Average();
        }

        Error(new ShiftedBasis(), 3).ShouldBeLessThan(Error(new ShiftedBasis(), 1));
        Error(new ResidualBasis(), 3).ShouldBeLessThan(Error(new ResidualBasis(), 2));
    }

    [Fact]
    public void A_learned_basis_comes_nearer_step_by_step_and_takes_the_nearest_level()
    {
        var random = new SeededRandom(5);
        float[] row = [.. Enumerable.Range(0, 300).Select(_ => (float)random.NextGaussian())];
        var basis = new LearnedBasis(2, 9 * 16);
        var weights = new MultiLevelBinaryWeights("lq-nets", 1, 300, 2, basis, 0);
        float[][] parameters = [new float[2]];
        weights.Initialize(row, parameters, random);
        double Error()
        {
            var quantized = new float[300];
            weights.Forward(row, parameters, quantized);
            float[] levels = [.. quantized.Distinct()];
            for (var k = 0; k < 300; k++) Math.Abs(row[k] - quantized[k]).ShouldBeLessThanOrEqualTo(levels.Min(level => Math.Abs(row[k] - level)) + 1e-6f);
            return row.Zip(quantized, (w, q) => ((double)w - q) * ((double)w - q)).Average();
        }

        var before = Error();
        for (var step = 0; step < 60; step++) weights.BeginStep(row, parameters);
        Error().ShouldBeLessThan(before);
        Error().ShouldBeLessThan(0.16, "two bits of a normal sample; the best quantizer of the distribution has 0.12");
    }

    [Theory]
    [InlineData("residual-binary:w=2", 2)]
    [InlineData("abc-net:w=3", 3)]
    [InlineData("lq-nets:w=2", 2)]
    public void Weights_that_were_never_trained_are_fitted(string recipe, int levels)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var layer = RandomLayer.Draw(new Random(seed)).Layer;
            if (layer.Depth < 24) continue;
            var draft = new LayerDraft(layer);
            ((ILayerMethod)Recipe.Parse(recipe).Steps[0].Component).Fill(draft);
            draft.Weights!.Planes.Count.ShouldBe(levels);
            draft.Weights.Planes.ShouldAllBe(plane => plane.Codes.All(code => code == 1 || code == -1));
            var fitted = LoweringMath.Dequantize(draft.Weights.Planes, layer.Depth);
            var weights = layer.Weights.ToArray();
            var error = weights.Zip(fitted, (w, q) => Math.Pow(w - q, 2)).Sum() / weights.Sum(w => Math.Pow(w, 2));
            error.ShouldBeLessThan(0.3, $"{recipe}, seed {seed}: one binary level alone leaves 0.36");
        }
    }

    private static float[] Forward(IBinaryBasis basis, int levels)
    {
        var quantized = new float[Weights.Length];
        new MultiLevelBinaryWeights("x", 1, Weights.Length, levels, basis, 0).Forward(Weights, [], quantized);
        return quantized;
    }

    private static float[][] State(IBinaryBasis basis, float[] row)
    {
        if (basis.StateLength == 0) return [];
        var state = new float[basis.StateLength];
        basis.Start(row, state);
        return [state];
    }
}
