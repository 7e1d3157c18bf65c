using Subbyte.Kernels;

namespace Subbyte.Experiments;

/// <summary>The limits of the kernels that a benchmark met, each measured once in its run.</summary>
internal sealed class PeakShares
{
    private readonly Dictionary<ProductKernel, double?> _peaks = [];

    /// <summary>A rate as a share of its kernel's limit.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="gigaMacsPerSecond">The rate.</param>
    /// <returns>A fraction, or null where nothing bounds the kernel.</returns>
    public double? Share(ProductKernel kernel, double gigaMacsPerSecond)
    {
        if (!_peaks.TryGetValue(kernel, out var peak)) _peaks[kernel] = peak = PeakBenchmark.Of(kernel);
        return gigaMacsPerSecond / peak;
    }
}
