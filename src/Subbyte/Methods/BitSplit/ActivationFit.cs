using Subbyte.Lowering;

namespace Subbyte.Methods.BitSplit;

/// <summary>Scales of activations with the smallest squared error: codes for a scale and a scale for the codes, in turn (section 3.6).</summary>
public static class ActivationFit
{
    private const int Remembered = 5;

    /// <summary>Most values that a layer's scales are fitted to; rows are skipped evenly beyond.</summary>
    private const int MostValues = 1_000_000;

    /// <summary>The scales that the alternation goes through, until one repeats or was among the last five; the last one counts.</summary>
    /// <param name="values">Values; those without a code, 0 and (of unsigned codes) negative ones, do not count.</param>
    /// <param name="codes">The codes: symmetric ones have a negative end.</param>
    /// <returns>At least one scale; 1 where no value counts.</returns>
    public static IReadOnlyList<double> Scales(IEnumerable<double> values, CodeRange codes)
    {
        double[] magnitudes = [.. values.Select(value => codes.Lowest < 0 ? Math.Abs(value) : value).Where(value => value > 0)];
        if (magnitudes.Length == 0) return [1];
        var scales = new List<double> { magnitudes.Max() / codes.Highest };
        while (true)
        {
            var scale = Next(magnitudes, scales[^1], codes.Highest);
            var known = scales.Skip(scales.Count - Remembered).Contains(scale);
            scales.Add(scale);
            if (known) return scales;
        }
    }

    /// <summary>One scale for each input channel of a group; channels without a positive value get the median of the others (section 3.7).</summary>
    /// <param name="rows">Patch rows, k channel-fastest.</param>
    /// <param name="channels">Channels of the group.</param>
    /// <param name="codes">The codes.</param>
    /// <returns>Scales [channels], &gt; 0.</returns>
    public static float[] ChannelScales(PatchRows rows, int channels, CodeRange codes)
    {
        var values = Thinned(rows);
        var scales = new float[channels];
        for (var c = 0; c < channels; c++)
        {
            var ofChannel = Enumerable.Range(0, values.Length / channels).Select(i => (double)values[(i * channels) + c]);
            var isDead = !ofChannel.Any(value => codes.Lowest < 0 ? value != 0 : value > 0);
            scales[c] = isDead ? 0 : Positive(Scales(ofChannel, codes)[^1]);
        }

        var median = Median([.. scales.Where(scale => scale > 0).Order()]);
        return [.. scales.Select(scale => scale > 0 ? scale : median)];
    }

    /// <summary>One scale for all values.</summary>
    /// <param name="rows">Patch rows.</param>
    /// <param name="codes">The codes.</param>
    /// <returns>The scale, &gt; 0.</returns>
    public static float LayerScale(PatchRows rows, CodeRange codes) => Positive(Scales(Thinned(rows).Select(value => (double)value), codes)[^1]);

    private static double Next(double[] magnitudes, double scale, int largest)
    {
        double products = 0, squares = 0;
        foreach (var magnitude in magnitudes)
        {
            var code = Math.Min(Math.Round(magnitude / scale), largest);
            products += magnitude * code;
            squares += code * code;
        }

        return products / squares;
    }

    private static float[] Thinned(PatchRows rows)
    {
        var step = Math.Max(1, (int)(((long)rows.Count * rows.Depth) / MostValues));
        return step == 1 ? rows.Values : [.. Enumerable.Range(0, rows.Count / step).SelectMany(row => rows.Row(row * step).ToArray())];
    }

    private static float Median(float[] sorted) => sorted.Length == 0 ? 1 : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;

    private static float Positive(double scale) => (float)scale is > 0 and var cast ? cast : 1;
}
