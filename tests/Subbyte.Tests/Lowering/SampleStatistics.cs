using Subbyte.Lowering;

namespace Subbyte.Tests.Lowering;

/// <summary>Statistics of given values, as calibration would have measured them over one sample.</summary>
internal sealed class SampleStatistics : ILayerStatistics
{
    private readonly long[] _histogram = new long[2048];

    public SampleStatistics(params float[] values)
    {
        Minimum = values.Min();
        Maximum = values.Max();
        double largest = Math.Max(Math.Abs(Minimum), Math.Abs(Maximum));
        foreach (var value in values) _histogram[largest == 0 ? 0 : (int)Math.Min(2047, Math.Floor(Math.Abs(value) / largest * 2048))]++;
    }

    public int Samples => 1;

    public float Minimum { get; }

    public float Maximum { get; }

    public double MeanSampleMaximum => Maximum;

    public ReadOnlyMemory<long> AbsoluteHistogram => _histogram;

    public PatchMoments Moments(int group) => throw new NotSupportedException("these statistics have no moments");
}
