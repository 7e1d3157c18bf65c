using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>Bytes of parts of a tensor, for operators that move bytes.</summary>
internal static class AxisBytes
{
    /// <summary>Bytes of one index of the axes before an axis: all elements of that axis and those after it.</summary>
    /// <param name="tensor">A tensor of whole bytes.</param>
    /// <param name="axis">The axis, 0 to the rank.</param>
    /// <returns>The bytes.</returns>
    public static int From(Tensor tensor, int axis)
        => checked((int)tensor.ElementType.ByteLength(ElementTypes.ElementCount(tensor.Dimensions[axis..])));

    /// <summary>Bytes of one element of a type of whole bytes.</summary>
    /// <param name="type">The type.</param>
    /// <returns>1, 2, 4 or 8.</returns>
    public static int Of(ElementType type) => type.BitWidth() / 8;
}
