using Subbyte.Kernels;

namespace Subbyte.Experiments;

/// <summary>One limit of the machine.</summary>
/// <param name="Name">What is counted.</param>
/// <param name="InstructionSet">The instruction set that reaches it.</param>
/// <param name="Threads">Threads that ran at once.</param>
/// <param name="GigaPerSecond">Billions a second, of all threads together.</param>
/// <param name="Unit">What one is.</param>
public sealed record PeakResult(string Name, string InstructionSet, int Threads, double GigaPerSecond, string Unit);

/// <summary>Measures what this machine can do at most: the limits that other figures are shares of.</summary>
public static class PeakBenchmark
{
    private static readonly Limit[] Limits =
    [
        new("fp32 multiply-add", "MAC", Peak.FusedMultiplyAdd, InstructionSet.Avx2, InstructionSet.Avx512),
        new("u8·s8 dot product (VNNI)", "MAC", Peak.Vnni, InstructionSet.AvxVnni),
        new("u8·s8 into 16 bits (maddubs + add)", "MAC", Peak.ShortInt8Chain, InstructionSet.Avx2, InstructionSet.Avx512),
        new("u8·ternary by table (permw + add)", "MAC", Peak.TableSums, InstructionSet.Avx512),
        new("u8·s8 into 32 bits (safe chain)", "MAC", Peak.SafeInt8Chain, InstructionSet.Avx2),
        new("s16·s16 (madd + add)", "MAC", Peak.Int16Chain, InstructionSet.Avx2, InstructionSet.Avx512),
        new("XNOR and 64-bit population count", "binary MAC", Peak.PopulationCount, InstructionSet.Scalar),
        new("XNOR and carry-save population count", "binary MAC", Peak.CarrySaveCount, InstructionSet.Avx2, InstructionSet.Avx512),
        new("tables of binary products", "binary MAC", Peak.TableLookups, InstructionSet.Avx2, InstructionSet.Avx512),
        new("byte shuffle", "look-up", Peak.ByteShuffle, InstructionSet.Avx2, InstructionSet.Avx512),
        new("memory read", "byte", repeats => Peak.MemoryRead(Math.Min(repeats, 3)), InstructionSet.Scalar),
    ];

    /// <summary>Measures all limits with one thread and, where more are asked for, with that many.</summary>
    /// <param name="threads">Threads.</param>
    /// <param name="cancellation">Cancels the measurement.</param>
    /// <returns>The limits.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static IReadOnlyList<PeakResult> Run(int threads, CancellationToken cancellation)
    {
        var allowed = Cpu.Current;
        var results = new List<PeakResult>();
        try
        {
            foreach (var limit in Limits)
            {
                foreach (var set in limit.InstructionSets.Where(set => set <= allowed))
                {
                    Cpu.Limit(set);
                    foreach (var count in threads == 1 ? [1] : new[] { 1, threads })
                    {
                        cancellation.ThrowIfCancellationRequested();
                        if (Peak.OnThreads(limit.Measure, count) is > 0 and var rate) results.Add(new PeakResult(limit.Name, set.ToString(), count, rate / 1e9, limit.Unit));
                    }
                }
            }
        }
        finally
        {
            Cpu.Limit(allowed);
        }

        return results;
    }

    /// <summary>The limit that bounds a kernel under the instruction set in force.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <returns>Billions of multiply-accumulates a second with one thread; null where nothing here bounds it.</returns>
    public static double? Of(ProductKernel kernel)
    {
        Func<int, double>? measure = kernel switch
        {
            ProductKernel.Float => Peak.FusedMultiplyAdd,
            ProductKernel.Vnni => Peak.Vnni,
            ProductKernel.ShortSums => Peak.ShortInt8Chain,
            ProductKernel.TableSums => Peak.TableSums,
            ProductKernel.SafeChain or ProductKernel.Widened => Peak.SafeInt8Chain,
            ProductKernel.BitCounts or ProductKernel.TernaryCounts => Peak.CarrySaveCount,
            ProductKernel.BitLookups => Peak.TableLookups,
            ProductKernel.TernaryLookups => repeats => Peak.TableLookups(repeats) / 2,
            ProductKernel.Int16 or ProductKernel.Int16Wide => Peak.Int16Chain,
            _ => null,
        };
        return measure?.Invoke(200) is > 0 and var rate ? rate / 1e9 : null;
    }

    private sealed record Limit(string Name, string Unit, Func<int, double> Measure, params InstructionSet[] InstructionSets);
}
