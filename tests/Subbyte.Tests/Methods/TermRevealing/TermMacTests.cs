using Subbyte.Lowering;
using Subbyte.Methods.TermRevealing;
using Subbyte.Tests.Formats;

namespace Subbyte.Tests.Methods.TermRevealing;

public class TermMacTests
{
    private static readonly short[] Weights = [-3, 12, 7, 0, 1, -9, 100, -64];
    private static readonly short[] Data = [50, 0, 3, 77, 255, 16, 9, 128];

    [Fact]
    public void CountsTheCoefficientsOfTheSpecification()
    {
        foreach (var row in VectorTable.Read("Methods/TermRevealing/dots.vectors.txt"))
        {
            var options = Options(row);
            var mac = new TermMac(options);
            mac.AddRow(Weights, Data, channels: 8);
            mac.Coefficients[..18].ToArray().ShouldBe(row.Integers("coefficients").Select(count => (long)count), row.ToString());
            mac.Coefficients[18..].ToArray().ShouldAllBe(count => count == 0);
            mac.Sum.ShouldBe(row.Integer("result"), row.ToString());
            mac.Pairs.ShouldBe(row.Integer("pairs"), row.ToString());
            (options.Budget * options.Terms).ShouldBe(row.Integer("bound"));
        }
    }

    [Fact]
    public void ItsLoweredFormHasTheOperandsOfTheSpecification()
    {
        foreach (var row in VectorTable.Read("Methods/TermRevealing/dots.vectors.txt"))
        {
            var options = Options(row);
            var plane = new WeightPlane(Weights, [1f], 8);
            RevealedWeights.Of(Layers.FullyConnected(1, 8), plane, options).Codes.Select(code => (int)code).ShouldBe(row.Integers("w"), row.ToString());
            var input = new UniformActivations("test", CodeRange.Unsigned(8), 1, 0, 8, Subbyte.Kernels.Rounding.HalfAwayFromZero);
            var truncated = new short[8];
            new TermRevealingDatapath(options).DataCode(input).Encode(Data, 8, truncated);
            truncated.Select(code => (int)code).ShouldBe(row.Integers("x"), row.ToString());
        }
    }

    [Fact]
    public void StartsAgainAfterClear()
    {
        var mac = new TermMac(new TermRevealingOptions());
        mac.AddRow(Weights, Data, channels: 8);
        mac.Clear();
        (mac.Sum, mac.Pairs).ShouldBe((0, 0));
    }

    private static TermRevealingOptions Options(VectorRow row)
        => new() { Encoding = Encodings.Named(row["encoding"]), Budget = row.Integer("k"), Terms = row.Integer("s") };
}
