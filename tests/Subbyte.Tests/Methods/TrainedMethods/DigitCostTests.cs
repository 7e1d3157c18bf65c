using Subbyte.Kernels;
using Subbyte.Lowering;
using Subbyte.Methods;
using Subbyte.Methods.Training;
using Subbyte.Tests.Lowering;

namespace Subbyte.Tests.Methods.TrainedMethods;

/// <summary>What the six potentials are made of, against loops over every product.</summary>
public sealed class DigitCostTests
{
    private static readonly ConvolutionGeometry Geometry = new()
    {
        InHeight = 5,
        InWidth = 4,
        InChannels = 8,
        OutChannels = 3,
        KernelHeight = 3,
        KernelWidth = 3,
        StrideHeight = 2,
        PadTop = 1,
        PadLeft = 1,
        PadBottom = 1,
        PadRight = 2,
    };

    [Fact]
    public void Positions_inside_the_input_are_counted_for_each_kernel_position()
    {
        for (var row = 0; row < 3; row++)
        {
            for (var column = 0; column < 3; column++)
            {
                var inside = Outputs().Count(output => IsInside((output.Y * 2) + row - 1, output.X + column - 1));
                Geometry.PositionsInside(row, column).ShouldBe(inside, $"{row}, {column}");
            }
        }
    }

    [Fact]
    public void Pairs_and_weights_leave_out_padding()
    {
        var layer = Layer();
        var draft = new LayerDraft(layer);
        ((ILayerMethod)Recipe.Parse("mlt:w=2,a=2").Steps[0].Component).Fill(draft);
        var lowered = new TrainedProduct("mlt").Lower(draft);
        var operations = lowered.Cost.Start().Count(1).Operations;
        var planes = draft.Weights!.Planes;
        long pairs = 0, digits = 0, words = 0;
        for (var m = 0; m < layer.Outputs; m++)
        {
            foreach (var (y, x) in Outputs())
            {
                for (var k = 0; k < layer.Depth; k++)
                {
                    var (row, column) = (k / 8 / 3, k / 8 % 3);
                    if (!IsInside((y * 2) + row - 1, x + column - 1)) continue;
                    var nonZero = planes.Count(plane => plane.Codes[(m * layer.Depth) + k] != 0);
                    pairs++;
                    digits += nonZero;
                    words += nonZero > 0 ? 1 : 0;
                }
            }
        }

        (operations["wordPairs"], operations["digitPairs"], operations["weightDigits"], operations["weightWords"]).ShouldBe((pairs, pairs * 4.0, digits, words));
        pairs.ShouldBeLessThan(layer.Macs);
        words.ShouldBeLessThan(pairs, "some words are zero");
    }

    private static IEnumerable<(int Y, int X)> Outputs() => Enumerable.Range(0, Geometry.Positions).Select(position => (position / Geometry.OutWidth, position % Geometry.OutWidth));

    private static bool IsInside(int y, int x) => y >= 0 && y < Geometry.InHeight && x >= 0 && x < Geometry.InWidth;

    private static DotProductLayer Layer()
    {
        var random = new SeededRandom(3);
        float[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)random.NextGaussian())];
        return new DotProductLayer
        {
            Name = "layer",
            Index = 1,
            Kind = LayerKind.Convolution,
            Positions = Geometry.Positions,
            Outputs = Geometry.OutChannels,
            Depth = Geometry.Depth,
            KernelHeight = 3,
            KernelWidth = 3,
            PositionsInside = [.. Enumerable.Range(0, 9).Select(k => Geometry.PositionsInside(k / 3, k % 3))],
            Weights = Draw(Geometry.OutChannels * Geometry.Depth),
            Bias = new float[Geometry.OutChannels],
            Input = new SampleStatistics([[.. Enumerable.Range(0, 10).Select(_ => Draw(Geometry.Depth))]]),
        };
    }
}
