namespace Subbyte.Training;

/// <summary>How the numbers of a layer are distributed.</summary>
/// <param name="Layer">Name of the layer.</param>
/// <param name="Weights">What the layer multiplies by.</param>
/// <param name="Inputs">What it multiplied in the latest batch.</param>
public sealed record LayerHistogram(string Layer, Histogram Weights, Histogram Inputs);

/// <summary>Counts of numbers in bins of equal width.</summary>
/// <param name="Low">Lower end of the first bin: the smallest number.</param>
/// <param name="High">Upper end of the last bin: the largest number.</param>
/// <param name="Counts">Numbers in each bin.</param>
public sealed record Histogram(float Low, float High, IReadOnlyList<int> Counts)
{
    private const int Bins = 48;

    /// <summary>Counts numbers.</summary>
    /// <param name="values">The numbers.</param>
    /// <returns>The histogram; no bins for no finite range.</returns>
    public static Histogram Of(ReadOnlySpan<float> values)
    {
        var (low, high) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (var value in values) (low, high) = (Math.Min(low, value), Math.Max(high, value));
        if (!float.IsFinite(low) || !float.IsFinite(high)) return new Histogram(0, 0, []);
        var counts = new int[Bins];
        var scale = high > low ? Bins / ((double)high - low) : 0;
        foreach (var value in values) counts[Math.Min(Bins - 1, (int)((value - (double)low) * scale))]++;
        return new Histogram(low, high, counts);
    }
}
