using Subbyte.Kernels;
using Subbyte.Tensors;
using Subbyte.Tests.Kernels;
using Subbyte.Training;

namespace Subbyte.Tests.Training;

[Collection(InstructionSetCollection.Name)]
public sealed class OptimizerTests
{
    [Fact]
    public void SgdWithoutMomentumFollowsTheGradient()
        => Steps(new SgdOptions { Momentum = 0 }, 1, 0.5, [0.2f, -0.4f]).ShouldBe([1 - (0.5f * 0.2f), 1 - (0.5f * 0.2f) + (0.5f * 0.4f)], 1e-6f);

    [Fact]
    public void MomentumAddsUp()
    {
        // v = 0.2, then 0.9·0.2 + 0.2 = 0.38, then 0.9·0.38 + 0.2 = 0.542.
        Steps(new SgdOptions { Momentum = 0.9f }, 1, 0.5, [0.2f, 0.2f, 0.2f]).ShouldBe([0.9f, 0.71f, 0.439f], 1e-6f);
    }

    [Fact]
    public void NesterovLooksOneStepAhead()
    {
        // g + 0.9·v with the same velocities: 0.2 + 0.18, 0.2 + 0.342.
        Steps(new SgdOptions { Momentum = 0.9f, Nesterov = true }, 1, 0.5, [0.2f, 0.2f]).ShouldBe([0.81f, 0.539f], 1e-6f);
    }

    [Fact]
    public void SgdAddsDecayToTheGradient()
        => Steps(new SgdOptions { Momentum = 0, WeightDecay = 0.1f }, 2, 0.5, [0.2f]).ShouldBe([2 - (0.5f * (0.2f + (0.1f * 2)))], 1e-6f);

    [Fact]
    public void OnlyWeightsDecayByDefault()
    {
        foreach (var role in Enum.GetValues<ParameterRole>())
        {
            var moved = Steps(new SgdOptions { Momentum = 0, WeightDecay = 0.1f }, 2, 0.5, [0f], role)[0];
            moved.ShouldBe(role == ParameterRole.Weight ? 1.9f : 2f, 1e-6f, $"{role}");
        }
    }

    [Fact]
    public void DecayGoesWhereItIsAsked()
        => Steps(new SgdOptions { Momentum = 0, WeightDecay = 0.1f, Decays = parameter => parameter.Name == "w" }, 2, 0.5, [0f], ParameterRole.Bias).ShouldBe([1.9f], 1e-6f);

    [Fact]
    public void TheFirstStepOfAdamIsTheRateInTheGradientsDirection()
        => Steps(new AdamOptions(), 1, 0.01, [-3f]).ShouldBe([1.01f], 1e-6f);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AdamFollowsThePapersRule(bool decoupled)
    {
        float[] gradients = [0.3f, -0.1f, 0.7f, 0.05f];
        const double Rate = 0.02, Beta1 = 0.8, Beta2 = 0.95, Decay = 0.1, Epsilon = 1e-3;
        var options = new AdamOptions { Beta1 = (float)Beta1, Beta2 = (float)Beta2, WeightDecay = (float)Decay, Epsilon = (float)Epsilon, DecoupledDecay = decoupled };
        double w = 0.5, m = 0, v = 0;
        var expected = new List<float>();
        for (var t = 1; t <= gradients.Length; t++)
        {
            var g = gradients[t - 1] + (decoupled ? 0 : Decay * w);
            m = (Beta1 * m) + ((1 - Beta1) * g);
            v = (Beta2 * v) + ((1 - Beta2) * g * g);
            w -= decoupled ? Rate * Decay * w : 0;
            w -= Rate * (m / (1 - Math.Pow(Beta1, t))) / (Math.Sqrt(v / (1 - Math.Pow(Beta2, t))) + Epsilon);
            expected.Add((float)w);
        }

        Steps(options, 0.5f, Rate, gradients).ShouldBe(expected, 2e-6f);
    }

    [Fact]
    public void EveryInstructionSetTakesTheSameSteps()
    {
        OptimizerOptions[] rules = [new SgdOptions { WeightDecay = 0.01f }, new SgdOptions { Nesterov = true }, new AdamOptions { WeightDecay = 0.1f }, new AdamOptions { WeightDecay = 0.1f, DecoupledDecay = true }];
        foreach (var rule in rules)
        {
            var results = new List<float[]>();
            InstructionSets.ForEach(_ =>
            {
                var random = new SeededRandom(3);
                var parameter = new Parameter("w", ParameterRole.Weight, Tensor.Of<float>(Enumerable.Range(0, 37).Select(_ => random.NextFloat()).ToArray(), 37));
                var optimizer = rule.Start([parameter]);
                for (var step = 0; step < 5; step++)
                {
                    for (var i = 0; i < parameter.Length; i++) parameter.Gradient[i] = random.NextFloat() - 0.5f;
                    optimizer.Begin(0.01);
                    optimizer.Move(0);
                }

                results.Add(parameter.Values);
            });
            results.ShouldAllBe(result => result.SequenceEqual(results[0]));
        }
    }

    /// <summary>The value of a parameter of one element after each step.</summary>
    private static float[] Steps(OptimizerOptions options, float start, double rate, float[] gradients, ParameterRole role = ParameterRole.Weight)
    {
        var parameter = new Parameter("w", role, Tensor.Of<float>([start], 1));
        var optimizer = options.Start([parameter]);
        var values = new List<float>();
        foreach (var gradient in gradients)
        {
            parameter.Gradient[0] = gradient;
            optimizer.Begin(rate);
            optimizer.Move(0);
            values.Add(parameter.Values[0]);
        }

        return [.. values];
    }
}
