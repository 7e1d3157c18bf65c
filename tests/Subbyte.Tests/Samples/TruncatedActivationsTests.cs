using Subbyte.Calibration;
using Subbyte.Methods;
using Subbyte.Networks;
using Subbyte.Samples.TruncatedActivations;
using Subbyte.Training;

namespace Subbyte.Tests.Samples;

public sealed class TruncatedActivationsTests
{
    private static readonly MethodRegistry Registry = MethodRegistry.Default.With(TruncatedActivationsMethod.Descriptor);

    [Fact]
    public void AMethodOfAnotherAssemblyIsNamedInARecipe()
    {
        var recipe = Recipe.Parse("truncate:drop=3 + output-correction", Registry);
        recipe.Canonical.ShouldStartWith("truncate:drop=3 + output-correction");
        Should.Throw<UserErrorException>(() => Recipe.Parse("truncate:drop=9", Registry)).Message.ShouldContain("0..7 bits");
        Should.Throw<UserErrorException>(() => Recipe.Parse("truncate"));
    }

    [Fact]
    public void ItsLayersDropLowBitsAndTheEndsStayInt8()
    {
        var network = DefaultNetworks.Glyphs([1, 16, 16], 16);
        var lowered = Recipe.Parse("truncate:drop=3", Registry).Apply(network, new Calibrator(new Ramp(), 4));
        var layers = lowered.Layers.Values.OrderBy(layer => layer.Layer.Index).ToArray();
        layers[0].Method.ShouldNotBe("truncate");
        layers[^1].Method.ShouldNotBe("truncate");
        foreach (var layer in layers[1..^1])
        {
            layer.Method.ShouldBe("truncate");
            var term = layer.Groups.ShouldHaveSingleItem().Terms.ShouldHaveSingleItem();
            foreach (var code in term.Activation.Table) (code % 8).ShouldBe(0);
        }
    }

    private sealed class Ramp : ISampleSource
    {
        public int Count => 4;

        public ReadOnlySpan<int> SampleShape => new[] { 1, 16, 16 };

        public void Read(int index, Span<float> destination)
        {
            for (var i = 0; i < destination.Length; i++) destination[i] = ((i + (17 * index)) % 64 / 16f) - 2;
        }
    }
}
