using Subbyte.Formats;

namespace Subbyte.Experiments.Reproduction.Statistics;

/// <summary>Products of term counts in 8,192 groups of 16 lanes, drawn weights and rectified activations: what a Laconic lane waits for.</summary>
internal static class LaconicLanes
{
    private const int Lanes = 16;
    private const int Groups = 8192;

    /// <summary>Mean over all products, or over the groups of their largest.</summary>
    /// <param name="arguments"><c>weights</c> and <c>activations</c>: deviations; <c>terms</c>: <c>csd</c> or <c>binary</c>; <c>of</c>: <c>longest</c> or <c>all</c>.</param>
    /// <returns>Term pairs.</returns>
    public static double MeanTerms(DrawnStatistics.Arguments arguments)
    {
        var digits = new SignedDigitTable(arguments.Text("terms", "csd") == "binary" ? SignedDigitEncoding.Binary : SignedDigitEncoding.Naf, 127);
        var weights = NormalLike.Normal(41, Lanes * Groups).Select(v => Terms(arguments.Number("weights") * v)).ToArray();
        var activations = NormalLike.Normal(42, Lanes * Groups).Select(v => Terms(arguments.Number("activations") * Math.Max(v, 0))).ToArray();
        var products = weights.Zip(activations, (w, a) => w * a);
        return arguments.Text("of", "longest") == "all" ? products.Average() : products.Chunk(Lanes).Average(group => Math.Max(1, group.Max()));

        int Terms(double value) => digits.Count((int)Math.Min(127, Math.Abs(Math.Round(value, MidpointRounding.ToEven))));
    }
}
