using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>A tensor in memory order as [outer][count][inner], where the middle is one axis or a run of axes.</summary>
/// <param name="Outer">Elements before the axis.</param>
/// <param name="Count">Elements along the axis.</param>
/// <param name="Inner">Elements behind the axis.</param>
internal readonly record struct AxisSpan(int Outer, int Count, int Inner)
{
    /// <summary>One axis.</summary>
    /// <param name="type">The tensor.</param>
    /// <param name="axis">Logical axis.</param>
    /// <returns>The tensor around it.</returns>
    public static AxisSpan Of(TensorType type, int axis) => Of(type.Physical, type.PhysicalAxis(axis), 1);

    /// <summary>An axis and all that follow it.</summary>
    /// <param name="type">The tensor.</param>
    /// <param name="axis">First logical axis.</param>
    /// <returns>The tensor around them: they are neighbours in both layouts.</returns>
    public static AxisSpan From(TensorType type, int axis)
    {
        var isMoved = type.Layout == Layout.ChannelsLast && type.Rank > 2 && axis > 1;
        return Of(type.Physical, isMoved ? axis - 1 : axis, type.Rank - axis);
    }

    private static AxisSpan Of(ReadOnlySpan<int> dimensions, int first, int axes)
        => new(Product(dimensions[..first]), Product(dimensions.Slice(first, axes)), Product(dimensions[(first + axes)..]));

    private static int Product(ReadOnlySpan<int> dimensions) => checked((int)ElementTypes.ElementCount(dimensions));
}
