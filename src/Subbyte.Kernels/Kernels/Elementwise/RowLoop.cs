using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Subbyte.Kernels;

/// <summary>What happens to element <c>i</c> of a row, one at a time and eight at a time with the same operations.</summary>
internal unsafe interface IRowOperator
{
    /// <summary>One element.</summary>
    /// <param name="o">Operands.</param>
    /// <param name="i">Index.</param>
    static abstract float One(in RowOperands o, nint i);

    /// <summary>Elements <paramref name="i"/> … <paramref name="i"/> + 7.</summary>
    /// <param name="o">Operands.</param>
    /// <param name="i">Index of the first.</param>
    static abstract Vector256<float> Eight(in RowOperands o, nint i);
}

/// <summary>Operands of a row; what each means, and which are used, is the operator's.</summary>
/// <param name="x">First operand.</param>
/// <param name="y">Second operand.</param>
/// <param name="z">Third operand.</param>
/// <param name="offsets">Integer summands.</param>
/// <param name="lowest">Lower end of a clamp.</param>
/// <param name="highest">Upper end of a clamp.</param>
internal readonly unsafe struct RowOperands(float* x, float* y = null, float* z = null, int* offsets = null, float lowest = float.NegativeInfinity, float highest = float.PositiveInfinity)
{
    public readonly float* X = x, Y = y, Z = z;
    public readonly int* Offsets = offsets;
    public readonly float Lowest = lowest, Highest = highest;
}

/// <summary>
/// The loop over a row of floats. 256-bit vectors on every machine that has them: this work waits for memory or for the divider, which
/// wider vectors do not speed up.
/// </summary>
internal static class RowLoop
{
    /// <summary>Applies the operator to a row.</summary>
    /// <typeparam name="TOperator">What happens to an element.</typeparam>
    /// <param name="o">Operands.</param>
    /// <param name="d">Result, which may be an operand.</param>
    /// <param name="count">Number of elements.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void Run<TOperator>(in RowOperands o, float* d, nint count) where TOperator : IRowOperator
    {
        // A copy that does not escape lives in registers.
        var operands = o;
        nint i = 0;
        if (Cpu.HasAvx2)
        {
            for (; i <= count - Vector256<float>.Count; i += Vector256<float>.Count)
                TOperator.Eight(operands, i).Store(d + i);
        }
        for (; i < count; i++)
            d[i] = TOperator.One(operands, i);
    }
}
