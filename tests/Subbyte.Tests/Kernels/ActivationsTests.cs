using Subbyte.Kernels;
using Subbyte.Tests.Networks;

namespace Subbyte.Tests.Kernels;

/// <summary>Activation functions and the trigonometric ones against their definitions in double.</summary>
[Collection(InstructionSetCollection.Name)]
public sealed class ActivationsTests
{
    private delegate void Map(float[] x, float[] d);

    private static readonly (string Name, Map Map, Func<double, double> Definition)[] Functions =
    [
        ("LeakyRelu", (x, d) => Activations.LeakyRelu(x, 0.1f, d), x => x < 0 ? 0.1f * x : x),
        ("Elu", (x, d) => Activations.ExponentialLinear(x, 1.5f, 1, 1, d), x => x > 0 ? x : 1.5f * Expm1(x)),
        ("Selu", (x, d) => Activations.ExponentialLinear(x, 1.67326324f, 1.05070102f, 1, d), x => 1.05070102f * (x > 0 ? x : 1.67326324f * Expm1(x))),
        ("Celu", (x, d) => Activations.ExponentialLinear(x, 2, 1, 2, d), x => x > 0 ? x : 2 * Expm1(x / 2)),
        ("HardSigmoid", (x, d) => Activations.HardSigmoid(x, 0.2f, 0.5f, d), x => Math.Clamp((0.2f * x) + 0.5, 0, 1)),
        ("HardSwish", (x, d) => Activations.HardSwish(x, d), x => x * Math.Clamp((x / 6) + 0.5, 0, 1)),
        ("Softplus", (x, d) => Activations.Softplus(x, d), x => Math.Max(x, 0) + Log1p(Math.Exp(-Math.Abs(x)))),
        ("Softsign", (x, d) => Activations.Softsign(x, d), x => x / (1 + Math.Abs(x))),
        ("ThresholdedRelu", (x, d) => Activations.ThresholdedRelu(x, 0.7f, d), x => x > 0.7f ? x : 0),
        ("Shrink", (x, d) => Activations.Shrink(x, 1.5f, 0.5f, d), x => x < -1.5 ? x + 0.5 : x > 1.5 ? x - 0.5 : 0),
        ("Mish", (x, d) => Activations.Mish(x, d), x => x * Math.Tanh(Math.Max(x, 0) + Log1p(Math.Exp(-Math.Abs(x))))),
        ("Swish", (x, d) => Activations.Swish(x, 1.5f, d), x => x / (1 + Math.Exp(-1.5 * x))),
        ("GeluTanh", (x, d) => Activations.GeluTanh(x, d), x => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x))))),
    ];

    public static TheoryData<string> Names => [.. Functions.Select(function => function.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_activation_is_its_definition_to_a_few_units_in_the_last_place(string name)
    {
        var (_, map, definition) = Functions.Single(function => function.Name == name);
        float[] x = [.. Enumerable.Range(-30_000, 60_001).Select(i => i / 1000f), 1e-6f, -1e-6f, 1e-20f, -1e-20f, 1e4f];
        var d = new float[x.Length];
        map(x, d);
        for (var i = 0; i < x.Length; i++)
        {
            var expected = definition(x[i]);
            // Where terms cancel, errors are those of the terms; e^(αx) has the rounding of αx as its relative error.
            var scale = Math.Max(Math.Abs(expected), name is "GeluTanh" or "HardSigmoid" or "HardSwish" ? 0.05 * Math.Abs(x[i]) : 1e-30);
            Math.Abs(d[i] - expected).ShouldBeLessThanOrEqualTo((name == "Swish" ? 3e-6 : 1.5e-6) * scale, $"{name}({x[i]})");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_instruction_set_and_length_gives_the_same_bits(string name)
    {
        var map = Functions.Single(function => function.Name == name).Map;
        var random = new Random(3);
        float[] x = [.. random.Gaussians(60, 4), 0, -0f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, 90, -110];
        float[]? expected = null;
        InstructionSets.ForEach(set =>
        {
            for (var length = 0; length <= x.Length; length++)
            {
                var d = new float[length];
                map(x[^length..], d);
                expected ??= One(map, x);
                d.ShouldBeBits(expected[^length..], $"{name} of {length} with {set}");
            }
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Nan_goes_through_except_where_a_comparison_decides(string name)
    {
        float[] d = [0];
        Functions.Single(function => function.Name == name).Map([float.NaN], d);
        if (name is "ThresholdedRelu" or "Shrink") d[0].ShouldBe(0);
        else d[0].ShouldBe(float.NaN);
    }

    [Fact]
    public void The_exact_gelu_is_close_to_its_definition()
    {
        float[] x = [-3, -1, -0.1f, 0, 0.1f, 1, 3];
        float[] expected = [-0.00404969f, -0.158655254f, -0.0460172163f, 0, 0.0539827837f, 0.841344746f, 2.9959503f];
        var d = new float[x.Length];
        Activations.Gelu(x, d);
        for (var i = 0; i < x.Length; i++) d[i].ShouldBe(expected[i], 2e-7);
    }

    [Fact]
    public void Results_of_another_length_are_refused() => Should.Throw<ArgumentException>(() => Activations.Mish(new float[3], new float[4]));

    private static float[] One(Map map, float[] x)
    {
        Cpu.Limit(InstructionSet.Scalar);
        var d = new float[x.Length];
        map(x, d);
        return d;
    }

    private static double Expm1(double x) => Math.Abs(x) < 1e-4 ? x + (x * x / 2) + (x * x * x / 6) : Math.Exp(x) - 1;

    private static double Log1p(double x) => x < 1e-4 ? x - (x * x / 2) + (x * x * x / 3) : Math.Log(1 + x);
}
