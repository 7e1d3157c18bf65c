using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Subbyte.Kernels;

/// <summary>
/// What one core of this machine can do with data in registers: the limits that the shares of the other kernels refer to. Each figure is
/// the best of several short runs, in multiply-accumulates per second; 0 where the machine lacks the instructions.
/// </summary>
public static partial class Peak
{
    private const int Iterations = 20_000;
    private const int RunsOfWindow = 20;
    private const int MemoryBytes = 256 << 20;

    /// <summary>Float32 fused multiply-adds, in the widest vectors that <see cref="Cpu"/> allows.</summary>
    /// <param name="repeats">Number of runs of well under a millisecond, of which the best counts.</param>
    public static double FusedMultiplyAdd(int repeats = 50)
        => Cpu.HasAvx512 ? Best<Loop512<Fma512>>(repeats) : Cpu.HasAvx2 ? Best<Loop256<Fma256>>(repeats) : 0;

    /// <summary>The u8·s8 dot product of AVX-VNNI.</summary>
    /// <param name="repeats">Number of runs of well under a millisecond, of which the best counts.</param>
    public static double Vnni(int repeats = 50) => Cpu.HasAvxVnni ? Best<Loop256<Vnni256>>(repeats) : 0;

    /// <summary>u8·s8 by <c>vpmaddubsw</c>, <c>vpmaddwd</c> and <c>vpaddd</c> in 256-bit vectors: the chain that is exact for weights of 7 bits.</summary>
    /// <param name="repeats">Number of runs of well under a millisecond, of which the best counts.</param>
    public static double SafeInt8Chain(int repeats = 50) => Cpu.HasAvx2 ? Best<Loop256<SafeChain256>>(repeats) : 0;

    /// <summary>u8·s8 by <c>vpmaddubsw</c> and <c>vpaddw</c>, in the widest vectors that <see cref="Cpu"/> allows: the upper bound for weights of few bits.</summary>
    /// <param name="repeats">Number of runs of well under a millisecond, of which the best counts.</param>
    public static double ShortInt8Chain(int repeats = 50)
        => Cpu.HasAvx512 ? Best<Loop512<ShortChain512>>(repeats) : Cpu.HasAvx2 ? Best<Loop256<ShortChain256>>(repeats) : 0;

    /// <summary>u8·ternary by look-ups in tables of the sums of three activations and 16-bit additions, in 512-bit vectors: the making of tables is not counted.</summary>
    /// <param name="repeats">Number of runs of well under a millisecond, of which the best counts.</param>
    public static double TableSums(int repeats = 50) => Cpu.HasAvx512 ? Best<Loop512<TableSums512>>(repeats) : 0;

    /// <summary>s16·s16 by <c>vpmaddwd</c> and <c>vpaddd</c>, in the widest vectors that <see cref="Cpu"/> allows.</summary>
    /// <param name="repeats">Number of runs of well under a millisecond, of which the best counts.</param>
    public static double Int16Chain(int repeats = 50)
        => Cpu.HasAvx512 ? Best<Loop512<Int16Chain512>>(repeats) : Cpu.HasAvx2 ? Best<Loop256<Int16Chain256>>(repeats) : 0;

    /// <summary>u8·u8 look-ups by <c>pshufb</c> in a table of 16 bytes, in the widest vectors that <see cref="Cpu"/> allows; look-ups a second.</summary>
    /// <param name="repeats">Number of runs of well under a millisecond, of which the best counts.</param>
    public static double ByteShuffle(int repeats = 50)
        => Cpu.HasAvx512 ? Best<Loop512<Shuffle512>>(repeats) : Cpu.HasAvx2 ? Best<Loop256<Shuffle256>>(repeats) : 0;

    /// <summary>Binary multiply-accumulates by tables of 64 products of six bits (<c>vpermb</c>), or of 16 products of four bits (<c>pshufb</c>), and additions of bytes.</summary>
    /// <param name="repeats">Number of runs of well under a millisecond, of which the best counts.</param>
    public static double TableLookups(int repeats = 50)
        => Cpu.HasAvx512Vbmi ? Best<Loop512<Lookups512>>(repeats) : Cpu.HasAvx2 ? Best<Loop256<Lookups256>>(repeats) : 0;

    /// <summary>Binary multiply-accumulates by XNOR and the 64-bit <c>popcnt</c>.</summary>
    /// <param name="repeats">Number of runs of well under a millisecond, of which the best counts.</param>
    public static double PopulationCount(int repeats = 50) => Popcnt.X64.IsSupported ? Best<PopulationLoop>(repeats) : 0;

    /// <summary>
    /// Binary multiply-accumulates by XNOR and carry-save adders of sixteen words (Harley–Seal), in the widest vectors that <see cref="Cpu"/> allows.
    /// </summary>
    /// <param name="repeats">Number of runs of well under a millisecond, of which the best counts.</param>
    public static double CarrySaveCount(int repeats = 50) => Cpu.HasAvx512 ? Best<CarrySaveLoop512>(repeats) : Cpu.HasAvx2 ? Best<CarrySaveLoop256>(repeats) : 0;

    /// <summary>Bytes a second that one pass over memory far larger than every cache reads.</summary>
    /// <param name="repeats">Number of passes, of which the best counts.</param>
    public static double MemoryRead(int repeats = 5)
    {
        var memory = new long[MemoryBytes / sizeof(long)];
        Array.Fill(memory, 1);
        return Enumerable.Range(0, repeats).Max(_ => MemoryRead(MemoryMarshal.AsBytes<long>(memory)));
    }

    /// <summary>Bytes a second that one pass over some memory reads.</summary>
    /// <param name="memory">The memory, a multiple of 128 bytes.</param>
    internal static double MemoryRead(ReadOnlySpan<byte> memory)
    {
        var start = Stopwatch.GetTimestamp();
        var sink = Sum(memory);
        var ticks = Stopwatch.GetTimestamp() - start;
        GC.KeepAlive(sink);
        return (double)memory.Length * Stopwatch.Frequency / ticks;
    }

    /// <summary>Runs a peak on several threads at once and adds what they reach.</summary>
    /// <param name="peak">The peak, such as <see cref="FusedMultiplyAdd"/>.</param>
    /// <param name="threads">Number of threads.</param>
    /// <param name="repeats">Number of windows, of which the best counts.</param>
    /// <returns>Operations a second of all threads together.</returns>
    public static double OnThreads(Func<int, double> peak, int threads, int repeats = 12)
    {
        ArgumentNullException.ThrowIfNull(peak);
        if (threads == 1) return peak(RunsOfWindow * repeats);
        var rates = new double[threads, repeats];
        using var barrier = new Barrier(threads);
        var workers = Enumerable.Range(0, threads).Select(thread => new Thread(() =>
        {
            for (var i = 0; i < repeats; i++)
            {
                barrier.SignalAndWait();
                rates[thread, i] = peak(RunsOfWindow);
            }
        })).ToArray();
        foreach (var worker in workers) worker.Start();
        foreach (var worker in workers) worker.Join();
        return Enumerable.Range(0, repeats).Max(i => Enumerable.Range(0, threads).Sum(thread => rates[thread, i]));
    }

    private interface ILoop
    {
        static abstract int MacsPerIteration { get; }

        static abstract int Run(int iterations);
    }

    private static double Best<TLoop>(int repeats) where TLoop : ILoop
    {
        var best = long.MaxValue;
        var sink = TLoop.Run(1);
        for (var i = 0; i < repeats; i++)
        {
            var start = Stopwatch.GetTimestamp();
            sink ^= TLoop.Run(Iterations);
            best = Math.Min(best, Stopwatch.GetTimestamp() - start);
        }
        GC.KeepAlive(sink);
        return (double)Iterations * TLoop.MacsPerIteration * Stopwatch.Frequency / best;
    }
}
