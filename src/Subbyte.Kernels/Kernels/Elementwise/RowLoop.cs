using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Subbyte.Kernels;

/// <summary>What happens to element <c>i</c> of a row, one at a time and eight at a time with the same operations.</summary>
internal unsafe interface IRowOperator
{
    /// <summary>One element.</summary>
    /// <param name="o">Operands.</param>
    /// <param name="i">Index.</param>
    static abstract float One(RowOperands o, nint i);

    /// <summary>Elements <paramref name="i"/> … <paramref name="i"/> + 7.</summary>
    /// <param name="o">Operands.</param>
    /// <param name="i">Index of the first.</param>
    static abstract Vector256<float> Eight(RowOperands o, nint i);
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

/// <summary>
/// The loop over rows of floats. 256-bit vectors on every machine that has them: this work waits for memory or for the divider, which
/// wider vectors do not speed up.
/// </summary>
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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void Run<TOperator>(RowOperands o, nint ldx, float* d, nint ldd, nint rows, nint count) where TOperator : IRowOperator
    {
        for (; rows > 0; rows--, o.X += ldx, d += ldd)
        {
            nint i = 0;
            if (Cpu.HasAvx2)
            {
                for (; i <= count - Vector256<float>.Count; i += Vector256<float>.Count)
                    TOperator.Eight(o, i).Store(d + i);
            }
            for (; i < count; i++)
                d[i] = TOperator.One(o, i);
        }
    }
}
