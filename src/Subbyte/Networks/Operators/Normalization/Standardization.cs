using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>Means and variances along some axes of a tensor, and what is centred with them. Sums are in double, in the order of <see cref="ReductionLoop"/>.</summary>
internal sealed class Standardization
{
    private readonly ReductionLoop _reduction;
    private readonly BroadcastLoop _pairing;

    /// <summary>Plans the loops.</summary>
    /// <param name="sizes">Dimensions in memory order.</param>
    /// <param name="isReduced">For each of them, whether it is one of the axes.</param>
    public Standardization(ReadOnlySpan<int> sizes, ReadOnlySpan<bool> isReduced)
    {
        var groupStrides = new int[sizes.Length];
        var groups = 1;
        for (var axis = sizes.Length - 1; axis >= 0; axis--)
        {
            if (isReduced[axis]) continue;
            groupStrides[axis] = groups;
            groups = checked(groups * sizes[axis]);
        }

        Groups = groups;
        _reduction = ReductionLoop.Of(sizes, isReduced, groupStrides);
        _pairing = BroadcastLoop.Of(sizes, [Strided.Of(sizes), groupStrides]);
    }

    /// <summary>Number of means: elements of the axes that are kept, in memory order.</summary>
    public int Groups { get; }

    /// <summary>For each axis in memory order, whether a logical axis is among some.</summary>
    /// <param name="type">The tensor.</param>
    /// <param name="axes">Logical axes.</param>
    /// <returns>One flag for each axis in memory order.</returns>
    public static bool[] Flags(TensorType type, params ReadOnlySpan<int> axes)
    {
        var flags = new bool[type.Rank];
        foreach (var axis in axes) flags[type.PhysicalAxis(axis)] = true;
        return flags;
    }

    /// <summary>Means, and elements less their mean.</summary>
    /// <param name="x">Elements.</param>
    /// <param name="means">Takes the means.</param>
    /// <param name="d">Takes the centred elements.</param>
    public void Center(ReadOnlySpan<float> x, Span<float> means, Span<float> d)
    {
        _reduction.Run<float, double, SumReduction<float, Plain, Mean>>(x, means);
        _pairing.Run<float, float, SubtractFunction<float>>(x, means, d);
    }

    /// <summary>Means of squares: variances of centred elements.</summary>
    /// <param name="x">Elements.</param>
    /// <param name="squares">Takes the means of squares.</param>
    public void MeanSquares(ReadOnlySpan<float> x, Span<float> squares) => _reduction.Run<float, double, SumReduction<float, Square, Mean>>(x, squares);

    /// <summary>Norms of order 1 or 2.</summary>
    /// <param name="x">Elements.</param>
    /// <param name="order">1 or 2.</param>
    /// <param name="norms">Takes the norms.</param>
    public void Norms(ReadOnlySpan<float> x, long order, Span<float> norms)
    {
        if (order == 1) _reduction.Run<float, double, SumReduction<float, Magnitude, Total>>(x, norms);
        else _reduction.Run<float, double, SumReduction<float, Square, Root>>(x, norms);
    }

    /// <summary>Elements times the factor of their group.</summary>
    /// <param name="x">Elements.</param>
    /// <param name="factors">One factor for each group.</param>
    /// <param name="d">Takes the products; it may be the elements.</param>
    public void Multiply(ReadOnlySpan<float> x, ReadOnlySpan<float> factors, Span<float> d) => _pairing.Run<float, float, MultiplyFunction<float>>(x, factors, d);

    /// <summary>Elements over the divisor of their group.</summary>
    /// <param name="x">Elements.</param>
    /// <param name="divisors">One divisor for each group.</param>
    /// <param name="d">Takes the quotients; it may be the elements.</param>
    public void Divide(ReadOnlySpan<float> x, ReadOnlySpan<float> divisors, Span<float> d) => _pairing.Run<float, float, DivideFunction<float>>(x, divisors, d);
}
