using System.Runtime.CompilerServices;

namespace Subbyte.Kernels;

/// <summary>The body of a loop over elements that do not depend on each other.</summary>
internal interface ILaneLoop
{
    /// <summary>Elements <paramref name="i"/> … <paramref name="i"/> + lanes − 1.</summary>
    /// <typeparam name="TLanes">How many at a time.</typeparam>
    /// <param name="i">Index of the first.</param>
    void Run<TLanes>(nint i) where TLanes : struct, IFloatLanes<TLanes>;
}

/// <summary>
/// Runs loops over elements. 256-bit vectors on every machine that has them: this work waits for memory or for the divider, which wider
/// vectors do not speed up.
/// </summary>
internal static class LaneLoop
{
    /// <summary>Runs a body over all elements.</summary>
    /// <typeparam name="TLoop">The body.</typeparam>
    /// <param name="loop">What the body works on.</param>
    /// <param name="count">Number of elements.</param>
    public static void Run<TLoop>(TLoop loop, nint count) where TLoop : struct, ILaneLoop
    {
        if (Cpu.HasAvx2) Run<TLoop, Lanes256>(loop, count);
        else if (Cpu.HasVector128) Run<TLoop, Lanes128>(loop, count);
        else Run<TLoop, ScalarLane>(loop, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TLoop, TLanes>(TLoop loop, nint count) where TLoop : struct, ILaneLoop where TLanes : struct, IFloatLanes<TLanes>
    {
        nint i = 0;
        for (; i <= count - TLanes.Count; i += TLanes.Count)
            loop.Run<TLanes>(i);
        for (; i < count; i++)
            loop.Run<ScalarLane>(i);
    }
}
