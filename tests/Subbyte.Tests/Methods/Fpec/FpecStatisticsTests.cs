using Subbyte.Methods.Fpec;
using Subbyte.Tests.Methods.TermRevealing;

namespace Subbyte.Tests.Methods.Fpec;

/// <summary>Section 4.3: 512 dot products of 256 terms of normal-like weights and rectified activations.</summary>
public class FpecStatisticsTests
{
    private const int Rows = 512;
    private const int Depth = 256;
    private static readonly double[] Activations = [.. NormalLike.Samples(21, Rows * Depth).Select(v => Math.Max(v, 0) / 65536.0)];
    private static readonly double[] Weights = [.. NormalLike.Samples(22, Rows * Depth).Select(v => v / 65536.0 / 4)];

    [Fact]
    public void Errors_of_dot_products_are_those_of_the_specification()
    {
        var measured = new Dictionary<(string Mode, int Emb, int Bits), double>();
        foreach (var row in VectorTable.Read("Methods/Fpec/relative-errors.vectors.txt"))
        {
            var elements = Elements(row, row.Integer("n"), out var error);
            error.ShouldBe(row.Number("error"), 1e-4, row.ToString());
            if (row["x share"] != "-") (elements.Sum(element => element.ActivationCompensations) / (double)(Rows * Depth)).ShouldBe(row.Number("x share"), 0.001, row.ToString());
            if (row["w share"] != "-") (elements.Sum(element => element.WeightCompensations) / (double)(Rows * Depth)).ShouldBe(row.Number("w share"), 0.001, row.ToString());
            if (row["zero"] == "free" && row.Number("threshold") <= 0) measured[(row["mode"], row.Integer("emb"), row.Integer("n"))] = error;
        }

        // One compensation bit is worth one computation bit.
        for (var n = 4; n <= 7; n++) (measured[("d", 1, n)] / measured[("n", 1, n + 1)]).ShouldBe(1, 0.06);
    }

    [Theory]
    [InlineData("dz", 6, 182, 228, 0)]
    [InlineData("d", 6, 242, 294, 0.17)]
    [InlineData("d", 4, 0, 252, 0)]
    public void A_single_adder_rarely_stalls(string mode, int bits, double mean, int most, double stalled)
    {
        var format = new VectorRow(new Dictionary<string, string> { ["mode"] = mode, ["zero"] = "free", ["emb"] = "1", ["threshold"] = "-1" });
        int[] compensations = [.. Elements(format, bits, out _).Select(element => element.ActivationCompensations + element.WeightCompensations)];
        compensations.Max().ShouldBe(most);
        if (mean > 0) compensations.Average().ShouldBe(mean, 0.5);
        (compensations.Count(count => count > Depth) / (double)Rows).ShouldBe(stalled, 0.005);
        FpecProcessingElement.Cycles(Depth, most, adders: 1).ShouldBe(Math.Max(Depth, most) + 2);
        FpecProcessingElement.Cycles(Depth, most, adders: 2).ShouldBe(Depth + 2);
    }

    private static FpecProcessingElement[] Elements(VectorRow row, int n, out double error)
    {
        var (mode, zero, emb, threshold) = (FpecFormats.Mode(row["mode"]), FpecFormats.Zero(row["zero"]), row.Integer("emb"), row.Number("threshold"));
        var x = FpecFormats.Of(mode, emb, 2, n - 3, zero, isNonNegative: true, threshold);
        var w = FpecFormats.Of(mode, emb, 0, n - 1, zero, threshold: threshold);
        FpecWord[] activations = [.. Activations.Select(x.Encode)], weights = [.. Weights.Select(w.Encode)];
        var elements = new FpecProcessingElement[Rows];
        double squares = 0, errors = 0;
        for (var r = 0; r < Rows; r++)
        {
            elements[r] = FpecProcessingElement.DotProduct(activations.AsSpan(r * Depth, Depth), weights.AsSpan(r * Depth, Depth));
            var y = Math.ScaleB(elements[r].Sum(x, w), -(2 * n) + 4 - FpecFormat.SumShift(x, w));
            double exact = 0;
            for (var k = r * Depth; k < (r + 1) * Depth; k++) exact += Activations[k] * Weights[k];
            squares += exact * exact;
            errors += (y - exact) * (y - exact);
        }

        Math.Sqrt(squares / Rows).ShouldBe(2.770440410638606, 1e-12);
        error = Math.Sqrt(errors / squares);
        return elements;
    }
}
