using Subbyte.Lowering;

namespace Subbyte.Tests.Lowering;

/// <summary>Statistics of given patch rows, as calibration would have measured them over one sample.</summary>
/// <param name="groups">For each group of channels its patch rows [rows][depth].</param>
internal sealed class PatchStatistics(params float[][][] groups) : ILayerStatistics
{
    private readonly PatchMoments?[] _moments = new PatchMoments?[groups.Length];
    private readonly float[] _values = [.. groups.SelectMany(rows => rows).SelectMany(row => row)];

    public int Samples => 1;

    public float Minimum => _values.Min();

    public float Maximum => _values.Max();

    public double MeanSampleMaximum => Maximum;

    public ReadOnlyMemory<long> AbsoluteHistogram => Subbyte.Calibration.AbsoluteHistogram.Of(_values).Counts;

    public PatchMoments Moments(int group) => _moments[group] ??= MomentsOf(groups[group]);

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
