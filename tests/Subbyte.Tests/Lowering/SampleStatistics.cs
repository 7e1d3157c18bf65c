using Subbyte.Lowering;

namespace Subbyte.Tests.Lowering;

/// <summary>Statistics of given values, as calibration would have measured them over one sample.</summary>
internal sealed class SampleStatistics : ILayerStatistics
{
    private readonly long[] _histogram = new long[2048];
    private readonly float[][][] _patches = [];
    private readonly PatchMoments?[] _moments = [];

    public SampleStatistics(params float[] values)
    {
        Minimum = values.Min();
        Maximum = values.Max();
        double largest = Math.Max(Math.Abs(Minimum), Math.Abs(Maximum));
        foreach (var value in values) _histogram[largest == 0 ? 0 : (int)Math.Min(2047, Math.Floor(Math.Abs(value) / largest * 2048))]++;
    }

    /// <summary>Statistics of patch rows, with their moments.</summary>
    /// <param name="patches">Patch rows [groups][rows][depth].</param>
    public SampleStatistics(float[][][] patches)
        : this([.. patches.SelectMany(rows => rows).SelectMany(row => row)])
    {
        _patches = patches;
        _moments = new PatchMoments?[patches.Length];
    }

    public int Samples => 1;

    public float Minimum { get; }

    public float Maximum { get; }

    public double MeanSampleMaximum => Maximum;

    public ReadOnlyMemory<long> AbsoluteHistogram => _histogram;

    public IReadOnlyList<ChannelActivity> ChannelActivity { get; init; } = [];

    public PatchMoments Moments(int group) => _moments[group] ??= MomentsOf(_patches[group]);

    public PatchRows Patches(int group, int most = PatchRows.DefaultCount) => new(_patches[group][0].Length, [.. _patches[group].Take(most).SelectMany(row => row)]);

    private static PatchMoments MomentsOf(float[][] rows)
    {
        var depth = rows[0].Length;
        var mean = new double[depth];
        var covariance = new double[depth * depth];
        for (var i = 0; i < depth; i++) mean[i] = rows.Average(row => (double)row[i]);
        for (var i = 0; i < depth; i++)
        {
            for (var j = 0; j < depth; j++) covariance[(i * depth) + j] = rows.Average(row => (row[i] - mean[i]) * (row[j] - mean[j]));
        }

        return new PatchMoments(mean, covariance);
    }
}
