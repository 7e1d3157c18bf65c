namespace Subbyte.Experiments.Reproduction.Statistics;

/// <summary>Signal to quantization noise of a normal distribution under symmetric uniform codes, clipped; an integral over its density.</summary>
internal static class ClippedGaussian
{
    private const double Step = 1.0 / 1024;
    private const int Steps = 8 * 1024;

    private static readonly double[] Density = Densities();

    /// <summary>The best ratio over clips in steps of 0.02 deviations.</summary>
    /// <param name="arguments"><c>bits</c>; <c>of</c>: <c>ratio</c>, or <c>clip</c> for the clip that gives it.</param>
    /// <returns>Decibels, or deviations.</returns>
    public static double Decibels(DrawnStatistics.Arguments arguments)
    {
        var bits = arguments.Integer("bits");
        var best = Enumerable.Range(20, 230).Select(step => 0.02 * step).Select(clip => (Clip: clip, Decibels: Decibels(bits, clip))).MaxBy(pair => pair.Decibels);
        return arguments.Text("of", "ratio") == "clip" ? best.Clip : best.Decibels;
    }

    private static double Decibels(int bits, double clip)
    {
        double largest = (1 << (bits - 1)) - 1;
        var scale = clip / largest;
        var (signal, noise) = (0.0, 0.0);
        for (var i = 0; i < Steps; i++)
        {
            var value = (i + 0.5) * Step;
            var error = value - (scale * Math.Min(Math.Round(value / scale), largest));
            signal += Density[i] * value * value;
            noise += Density[i] * error * error;
        }

        return 10 * Math.Log10(signal / noise);
    }

    /// <summary>The density over that at the first midpoint: each ratio of neighbours is exp(−step²) times the one before it.</summary>
    private static double[] Densities()
    {
        const double square = Step * Step;
        const double factor = 1 - square + (square * square / 2) - (square * square * square / 6);
        var densities = new double[Steps];
        var (density, ratio) = (1.0, factor);
        for (var i = 0; i < Steps; i++)
        {
            densities[i] = density;
            density *= ratio;
            ratio *= factor;
        }

        return densities;
    }
}
