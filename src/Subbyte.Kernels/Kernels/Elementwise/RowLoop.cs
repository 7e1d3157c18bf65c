using System.Runtime.CompilerServices;

namespace Subbyte.Kernels;

/// <summary>What happens to element <c>i</c> of a row and, with more lanes, to those that follow.</summary>
internal unsafe interface IRowOperator
{
    /// <summary>Elements <paramref name="i"/> … <paramref name="i"/> + lanes − 1.</summary>
    /// <typeparam name="T">How many at a time.</typeparam>
    /// <param name="o">Operands.</param>
    /// <param name="i">Index of the first.</param>
    static abstract T Of<T>(RowOperands o, nint i) where T : struct, IFloatLanes<T>;
}

/// <summary>Operands of a row; what each means, and which are used, is the operator's.</summary>
/// <param name="x">First operand.</param>
/// <param name="y">Second operand.</param>
/// <param name="z">Third operand.</param>
/// <param name="offsets">Integer summands.</param>
/// <param name="lowest">Lower end of a clamp.</param>
/// <param name="highest">Upper end of a clamp.</param>
internal unsafe struct RowOperands(float* x, float* y = null, float* z = null, int* offsets = null, float lowest = float.NegativeInfinity, float highest = float.PositiveInfinity)
{
    public float* X = x;
    public readonly float* Y = y, Z = z;
    public readonly int* Offsets = offsets;
    public readonly float Lowest = lowest, Highest = highest;
}

/// <summary>The loop over rows of floats, in vectors as in <see cref="LaneLoop"/>.</summary>
internal static class RowLoop
{
    /// <summary>Applies the operator to one row.</summary>
    /// <typeparam name="TOperator">What happens to an element.</typeparam>
    /// <param name="o">Operands.</param>
    /// <param name="d">Result, which may be an operand.</param>
    /// <param name="count">Number of elements.</param>
    public static unsafe void Run<TOperator>(RowOperands o, float* d, nint count) where TOperator : IRowOperator => Run<TOperator>(o, 0, d, 0, 1, count);

    /// <summary>Applies the operator to rows that share all operands but the first.</summary>
    /// <typeparam name="TOperator">What happens to an element.</typeparam>
    /// <param name="o">Operands of the first row.</param>
    /// <param name="ldx">Elements from one row of the first operand to the next.</param>
    /// <param name="d">Result, which may be an operand.</param>
    /// <param name="ldd">Elements from one row of the result to the next.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="count">Elements of a row.</param>
    public static unsafe void Run<TOperator>(RowOperands o, nint ldx, float* d, nint ldd, nint rows, nint count) where TOperator : IRowOperator
    {
        if (Cpu.HasAvx2) Run<TOperator, Lanes256>(o, ldx, d, ldd, rows, count);
        else if (Cpu.HasVector128) Run<TOperator, Lanes128>(o, ldx, d, ldd, rows, count);
        else Run<TOperator, ScalarLane>(o, ldx, d, ldd, rows, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Run<TOperator, TLanes>(RowOperands o, nint ldx, float* d, nint ldd, nint rows, nint count)
        where TOperator : IRowOperator where TLanes : struct, IFloatLanes<TLanes>
    {
        for (; rows > 0; rows--, o.X += ldx, d += ldd)
        {
            nint i = 0;
            for (; i <= count - TLanes.Count; i += TLanes.Count)
                TOperator.Of<TLanes>(o, i).Store(d + i);
            for (; i < count; i++)
                TOperator.Of<ScalarLane>(o, i).Store(d + i);
        }
    }
}
